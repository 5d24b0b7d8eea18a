import { milliseconds } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import { SHORT_TASK_MS } from "./constants.ts";
import { CLUSTER_LINK } from "./links.ts";
import type { TaskState } from "./proxmox-twin.ts";
import type { OpenTask } from "./tasks.ts";

interface Migration {
  readonly vmid: number;
  readonly source: string;
  readonly target: string;
  readonly user: string;
}

/** One that is under way: the guest it began with (null: it was off), and how it is to be ended. */
interface Running extends Migration {
  readonly bootId: string | null;
  readonly task: OpenTask;
  readonly done: (moved: boolean) => void;
}

/**
 * `qmigrate`. A running guest goes on while its memory is copied, stands still for the downtime at the end, and goes on
 * in a new QEMU on the target, under whose node its configuration then lies. A guest that is off only has that renamed.
 * When anything fails it stays where it is. `done` is not called when the source dies.
 */
export function migrateVm(
  cluster: Cluster,
  migration: Migration,
  done: (moved: boolean) => void,
): TaskState {
  const { simulation, settings, tasks, vms } = cluster;
  const { vmid, source, target, user } = migration;
  const task = tasks.open({ node: source, type: "qmigrate", id: String(vmid), user });
  const running = { ...migration, task, done, bootId: vms.bootIdOf(vmid) };
  simulation.truth("migration-started", source, `vm:${vmid} ${target}`);
  if (running.bootId === null) {
    simulation.after(milliseconds(SHORT_TASK_MS), () => {
      finish(cluster, running);
    });
    return task.state;
  }
  const { migration_ms, migration_downtime_ms, qemu_start_ms } = settings.assumed;
  if (cluster.hosts.stateOf(target) === "up") {
    const incoming = { node: target, type: "qmstart", id: String(vmid), user };
    tasks.start({ ...incoming, duration: milliseconds(qemu_start_ms) });
  }
  const copied = milliseconds(Math.max(0, migration_ms - migration_downtime_ms));
  simulation.after(copied, () => {
    if (!canGoOn(cluster, running)) {
      fail(running);
      return;
    }
    vms.setPaused(vmid, true);
    simulation.after(milliseconds(Math.min(migration_ms, migration_downtime_ms)), () => {
      finish(cluster, running);
    });
  });
  return task.state;
}

/** The rename is a write to pmxcfs: while the ring re-forms it waits, and a paused guest with it. */
function finish(cluster: Cluster, migration: Running): void {
  const { vms, tasks, simulation } = cluster;
  const { vmid, source, target, bootId } = migration;
  if (!canGoOn(cluster, migration)) {
    if (vms.isRunningOn(vmid, source)) vms.setPaused(vmid, false);
    fail(migration);
    return;
  }
  const rename = (): void => {
    if (!canGoOn(cluster, migration)) return;
    if (bootId === null) vms.move(vmid, target);
    else vms.handOver(vmid, target, tasks.nextPid(target));
  };
  cluster.ring.write(source, rename, () => {
    const node = vms.find(vmid)?.node;
    if (vms.isRunning(vmid)) vms.setPaused(vmid, false);
    if (node === target) {
      simulation.truth("migrated", target, `vm:${vmid}`);
      migration.task.end(null);
      migration.done(true);
    } else {
      fail(migration);
    }
  });
}

function fail({ task, done }: Running): void {
  task.end("migration aborted");
  done(false);
}

/** Both nodes live and hear each other, and the guest is still the one that it began with. */
function canGoOn({ hosts, vms }: Cluster, migration: Running): boolean {
  const { vmid, source, target, bootId } = migration;
  return (
    hosts.connected(source, target, CLUSTER_LINK) &&
    vms.find(vmid)?.node === source &&
    vms.bootIdOf(vmid) === bootId
  );
}
