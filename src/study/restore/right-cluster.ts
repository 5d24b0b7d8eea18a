import { OperatingError } from "../../base/errors.ts";
import { minutes } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterDriver } from "../../contracts/cluster-driver.ts";
import { identityRefusals } from "../guard.ts";
import { limitFor, patiently } from "../patience.ts";

export interface ExpectedIdentity {
  readonly name: string | null;
  readonly fingerprint: string | null;
  /** Who says so, and what to do where it is not so. */
  readonly source: string;
}

/** A cluster as far as restoring needs it. */
export interface RightCluster {
  readonly driver: ClusterDriver;
  /** It must be what each of them says. */
  readonly identities: readonly ExpectedIdentity[];
}

export interface ClusterReach {
  readonly clock: Clock;
  readonly cluster: (name: string) => Promise<RightCluster>;
  /** Told what is being done, and what was. */
  readonly tell: (line: string) => void;
}

/** What must not be done here: another cluster, or one that another run is at. Nothing has been done. */
export class RestoreRefused extends OperatingError {
  constructor(message: string) {
    super("unsafe", message);
    this.name = "RestoreRefused";
  }
}

/** An API may be re-forming, or its first hosts dead. */
const WITHIN = minutes(3);

/** What a cluster's API answers, however long that takes within `limit`; what it is waited for is told. */
export async function answered<T>(
  name: string,
  ask: () => Promise<T>,
  { clock, tell }: Pick<ClusterReach, "clock" | "tell">,
  limit: AbortSignal,
): Promise<T> {
  const waiting = (why: string): void => tell(`waiting for the API of ${name}: ${why}`);
  return await patiently(ask, { clock, waiting }, limit);
}

/** Nothing is taken back on another cluster than the one that the run knew. Rejects with `RestoreRefused` there. */
export async function rightCluster(
  name: string,
  { clock, cluster, tell }: ClusterReach,
  signal: AbortSignal,
): Promise<RightCluster> {
  const opened = await cluster(name);
  const limit = AbortSignal.any([signal, limitFor(clock, WITHIN)]);
  const identify = async () => await opened.driver.identify(limit);
  const seen = await answered(name, identify, { clock, tell }, limit);
  for (const expected of opened.identities) {
    const [refusal] = identityRefusals(seen, expected);
    if (refusal === undefined) continue;
    throw new RestoreRefused(
      `Cannot restore ${name} as it is ${refusal.saw}, not ${refusal.needs}, ${expected.source}`,
    );
  }
  return opened;
}
