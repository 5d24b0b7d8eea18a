import { OperatingError } from "../../base/errors.ts";
import { minutes } from "../../base/time.ts";
import type { Inventory } from "../../model/inventory.ts";
import type { LockNote } from "../../model/lock.ts";
import { limitFor } from "../../study/patience.ts";
import type { RestoreLocks } from "../../study/restore/restore-locks.ts";
import type { Left, RestoreParts } from "../../study/restore/restore.ts";
import { restore } from "../../study/restore/restore.ts";
import { answered, rightCluster } from "../../study/restore/right-cluster.ts";
import { secretsFor } from "../surroundings.ts";
import { RestoreWorld } from "./restore-world.ts";
import type { Restoring } from "./restoring.ts";
import { locksFor, tellingOn } from "./restoring.ts";

/** An API may be re-forming, or its first hosts dead. */
const LOOK = minutes(3);

/** Takes back what the cluster's own lock says is owed to it: for a journal that is lost. Null: nobody has the lock. */
export async function restoreCluster(
  name: string,
  inventory: Inventory,
  how: Restoring,
): Promise<readonly Left[] | null> {
  const { terminal, stop } = how;
  const world = new RestoreWorld(inventory, [name], secretsFor(terminal), new Map());
  const { clock, cluster } = world;
  const tell = tellingOn(terminal);
  let locks: RestoreLocks | null = null;
  try {
    const until = AbortSignal.any([stop, limitFor(clock, LOOK)]);
    const { lock } = (await rightCluster(name, { clock, cluster, tell }, until)).driver;
    const found = await answered(name, async () => lock.read(until), { clock, tell }, until);
    if (found === null) return null;
    const { run, owed } = found;
    tell(`${lock.title} says that run ${run} of ${found.owner} had this cluster`);
    assertNamed(name, found, inventory);
    locks = locksFor(run, world, how);
    await locks.enter(name, owed, stop);
    const parts = { clock, cluster, locks, fault: trusted(world), tell, note: nowhere };
    return await restore({ run, owed, locks: [name] }, parts, stop);
  } finally {
    locks?.close();
    await world.close();
  }
}

function assertNamed(name: string, { owed }: LockNote, { file }: Inventory): void {
  const foreign = owed.find(({ undo }) => undo.cluster !== name);
  if (foreign === undefined) return;
  throw new OperatingError(
    "unsafe",
    `${file}: the run knew this cluster as ${foreign.undo.cluster}: call it so in the inventory, as its nodes are looked up by that name`,
  );
}

/** The journal is lost; the lock itself is told what is taken back. */
const nowhere = async (): Promise<void> => await Promise.resolve();

/** Whoever may write on the cluster may write the lock: no program that it names is run here. */
const trusted =
  ({ fault }: RestoreWorld): RestoreParts["fault"] =>
  (undo) => {
    if (undo.fault.kind !== "command") return fault(undo);
    throw new OperatingError(
      "unsafe",
      "the lock names a program of the user's, which only the run's own folder is trusted to name: blackout restore <run>",
    );
  };
