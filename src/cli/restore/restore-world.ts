import { existsSync } from "node:fs";
import { createFault } from "../../faults/create-fault.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import { UNVERIFIED } from "../../clusters/proxmox/identity.ts";
import type { ClusterIdentity } from "../../model/cluster-facts.ts";
import type { Cluster, Inventory } from "../../model/inventory.ts";
import { OperatingError } from "../../base/errors.ts";
import { ScaledClock } from "../../platform/scaled-clock.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { SystemClock } from "../../platform/system-clock.ts";
import type { RestoreParts } from "../../study/restore/restore.ts";
import type { ExpectedIdentity, RightCluster } from "../../study/restore/right-cluster.ts";
import { pinnedIdentity } from "../../study/survey/identity-findings.ts";
import { openDriver } from "../wire.ts";

/** What the run saw when it began, by the cluster's name. */
export type SeenIdentities = ReadonlyMap<string, ClusterIdentity>;

/** The clusters of a run that is taken back, opened as they are needed. */
export class RestoreWorld {
  readonly clock: Clock;
  readonly #inventory: Inventory;
  readonly #secrets: Secrets;
  readonly #seen: SeenIdentities;
  readonly #open = new Map<string, Promise<RightCluster>>();

  constructor(
    inventory: Inventory,
    names: readonly string[],
    secrets: Secrets,
    seen: SeenIdentities,
  ) {
    this.#inventory = inventory;
    this.#secrets = secrets;
    this.#seen = seen;
    const lab = names.map((name) => this.#named(name).lab).find((each) => each !== null);
    this.clock = lab === undefined ? new SystemClock() : new ScaledClock(lab);
  }

  readonly cluster = async (name: string): Promise<RightCluster> => {
    const opened = this.#open.get(name) ?? this.#openCluster(name);
    this.#open.set(name, opened);
    return await opened;
  };

  readonly fault: RestoreParts["fault"] = ({ fault, cluster }) =>
    createFault(fault, {
      clock: this.clock,
      secrets: this.#secrets,
      cluster: this.#named(cluster),
    });

  async close(): Promise<void> {
    await Promise.allSettled(
      [...this.#open.values()].map(async (opened) => await (await opened).driver.close()),
    );
  }

  async #openCluster(name: string): Promise<RightCluster> {
    const cluster = this.#named(name);
    const random = new SeededRandom(1);
    const { file } = this.#inventory;
    return {
      driver: await openDriver(cluster, { clock: this.clock, secrets: this.#secrets, random }),
      identities: expectedIdentities(cluster, this.#seen.get(name), file),
    };
  }

  #named(name: string): Cluster {
    const cluster = this.#inventory.clusters.find((each) => each.name === name);
    if (cluster !== undefined) return cluster;
    throw new OperatingError(
      "configuration",
      `${this.#inventory.file}: it has no cluster ${name}; it has ${this.#inventory.clusters.map((each) => each.name).join(", ")}`,
    );
  }
}

/**
 * An inventory that is given instead of the run's own may pin another cluster: it must be the one that the run saw as well.
 * Of a host that the run did not verify it has seen the name only.
 */
export function expectedIdentities(
  cluster: Cluster,
  seen: ClusterIdentity | undefined,
  file: string,
): readonly ExpectedIdentity[] {
  const pinned = {
    ...pinnedIdentity(cluster),
    source: `as ${file} pins it: let its api lead to the right cluster, or pin this one`,
  };
  if (seen === undefined) return [pinned];
  const asSeen = {
    name: seen.name,
    fingerprint: seen.fingerprint === UNVERIFIED ? null : seen.fingerprint,
    source: `as the run saw it: let the api of ${file} lead there, with the kind of api.tls that the run used. If only its certificates are new, restore it by its own lock: blackout restore --cluster ${cluster.name} -i <inventory>`,
  };
  return [pinned, asSeen];
}

/** A lab takes its keys with it; on one that is gone nothing is left to take back. */
export const isGone = ({ lab, api }: Cluster): boolean =>
  lab !== null && api.tls.kind === "ca" && !existsSync(api.tls.path);
