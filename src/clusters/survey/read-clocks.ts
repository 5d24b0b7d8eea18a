import { either } from "../../base/abort.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import { longer, milliseconds, seconds } from "../../base/time.ts";
import type { Patience } from "../../clients/shared/patience.ts";
import { sshRun } from "../../clients/ssh/ssh-run.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ClockOffset, ClocksRead } from "../../model/clock-offset.ts";
import type { ApiHost, NodeAccess, SshAccess } from "../../model/inventory.ts";
import { ask } from "./ask.ts";
import type { ClockReading } from "./clock-offset.ts";
import { epochOfOrigin, offsetFrom } from "./clock-offset.ts";

/** One login, or a second's worth of small answers. */
const PATIENCE: Patience = { least: seconds(4), floors: 10 };
/** A Date is cut to the second: answers spread over one leave no more than the distance of two, and a round trip. */
const ANSWERS = 8;
const BETWEEN_ANSWERS = milliseconds(130);

interface Clocks {
  readonly nodes: readonly NodeAccess[];
  readonly hosts: readonly ApiHost[];
  /** One answer of one API host; `date` is its Date header in epoch seconds, null where there is none. */
  readonly answerOf: (
    host: ApiHost,
    signal: AbortSignal,
  ) => Promise<{ readonly date: number | null; readonly during: Span }>;
}

interface World {
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** Asks all clocks of a cluster at once, for a few seconds. Never rejects: who does not tell is silent. */
export async function readClocks(
  { nodes, hosts, answerOf }: Clocks,
  world: World,
  signal: AbortSignal,
): Promise<ClocksRead> {
  const { clock } = world;
  const epoch = epochOfOrigin(clock);
  const told = async (
    about: Pick<ClockOffset, "host" | "over">,
    read: (signal: AbortSignal) => Promise<readonly ClockReading[]>,
  ) => {
    const answer = await ask(clock, PATIENCE, async (deadline) =>
      offsetFrom(await read(either(signal, deadline)), epoch),
    );
    return answer.told
      ? ({ ...about, offset_ms: answer.value } as const)
      : ({ ...about, error: describeError(answer.error) } as const);
  };
  const all = await Promise.all([
    ...nodes.flatMap(({ name, ssh }) =>
      ssh === null
        ? []
        : told({ host: name, over: "ssh" }, async (until) => [await overSsh(ssh, world, until)]),
    ),
    ...hosts.map(async (host) =>
      told({ host: host.node ?? new URL(host.url).host, over: "http" }, async (until) =>
        byDates(async () => await answerOf(host, until), clock, until),
      ),
    ),
  ]);
  return {
    epoch_ms: epoch * 1000,
    clocks: all.flatMap((each) => ("offset_ms" in each ? [each] : [])),
    silent: all.flatMap((each) => ("error" in each ? [each] : [])),
  };
}

async function overSsh(
  access: SshAccess,
  { clock, secrets }: World,
  signal: AbortSignal,
): Promise<ClockReading> {
  const end = await sshRun(access, "date +%s.%N", { clock, secrets, signal });
  const during = { earliest: end.sent, latest: clock.now() };
  const shown = end.kind === "exited" ? Number.parseFloat(end.stdout) : Number.NaN;
  if (Number.isFinite(shown)) return { low: shown, high: shown, during };
  throw new OperatingError(
    "protocol",
    `Cannot read the clock of ${access.host} as date fails there`,
  );
}

async function byDates(
  answer: () => ReturnType<Clocks["answerOf"]>,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly ClockReading[]> {
  const readings: ClockReading[] = [];
  for (let count = 0; count < ANSWERS; count++) {
    if (count > 0) await clock.sleep(longer(BETWEEN_ANSWERS, clock.floor.period), signal);
    const { date, during } = await answer();
    if (date === null) throw new OperatingError("protocol", "its answers bear no Date");
    readings.push({ low: date, high: date + 1, during });
  }
  return readings;
}
