import type { Clock } from "../../src/contracts/clock.ts";
import type { LabHost } from "../../src/lab/network/network.ts";
import { milliseconds } from "../../src/base/time.ts";
import type { PlayerLine } from "./lines.ts";
import type { PlannedOutage } from "./outage.ts";
import { PlayedDesktop, PORT } from "./played-desktop.ts";

export interface Stage {
  readonly clock: Clock;
  /** A machine of its own for each outage. */
  readonly host: (name: string) => Promise<LabHost>;
  /** The address of one that is never down, on the same port. */
  readonly control: string;
  readonly tell: (line: PlayerLine) => void;
  readonly signal: AbortSignal;
}

/** Plays the outages in order, `atOnce` at a time. */
export async function playAll(
  outages: readonly PlannedOutage[],
  atOnce: number,
  stage: Stage,
): Promise<void> {
  const left = [...outages];
  const playNext = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await play(next, stage);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, playNext));
}

/** One outage from the first caller to the last, telling when each act took effect. */
async function play(outage: PlannedOutage, stage: Stage): Promise<void> {
  const { id, kind, period_ms, hiccup } = outage;
  const { control } = stage;
  const wait = async (ms: number): Promise<void> =>
    await stage.clock.sleep(milliseconds(ms), stage.signal);
  const desktop = new PlayedDesktop(await stage.host(id), outage.answer_ms);
  await desktop.open();
  const where = { address: desktop.address, control, port: PORT };
  stage.tell({ kind: "opened", id, outage: kind, ...where, period_ms });
  await wait(hiccup.up_before_ms);
  const [before] = await desktop.strike({ kind: "frozen", thaws: false });
  await wait(hiccup.down_ms);
  const [, after] = await desktop.recover();
  stage.tell({ kind: "hiccup", id, span_ns: [before, after] });
  for (const { as, up_before_ms, down_ms } of outage.downs) {
    await wait(up_before_ms);
    stage.tell({ kind: "down", id, as: as.kind, span_ns: await desktop.strike(as) });
    await wait(down_ms);
    stage.tell({ kind: "up", id, span_ns: await desktop.recover() });
  }
  await wait(outage.watched_ms);
  stage.tell({ kind: "watched", id });
  await wait(outage.rest_ms);
  stage.tell({ kind: "closed", id });
  await desktop.close();
}
