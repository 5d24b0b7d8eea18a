import { readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Layout, WorkerLayout } from "./layout.ts";
import { Daemon, run, until } from "./run.ts";

/**
 * The network that workers, BMCs and control plane are plugged into: a bridge in a network namespace of its own. This
 * machine has one cable into it, and neither routes nor firewall rules but that cable's.
 */
export class Switch {
  readonly #layout: Layout;
  readonly #holder: Daemon;

  private constructor(layout: Layout, holder: Daemon) {
    this.#layout = layout;
    this.#holder = holder;
  }

  static async start(layout: Layout): Promise<Switch> {
    const holder = new Daemon("switch", ["unshare", "--net", "sleep", "infinity"], {
      folder: layout.folder,
      logFile: join(layout.folder, "logs/switch.log"),
    });
    await hasOwnNetwork(holder.pid);
    const lan = new Switch(layout, holder);
    await run("ip", ["-batch", "-"], {
      input: `link add ${layout.hostPort} type veth peer name uplink netns ${holder.pid}
address add ${layout.hostAddress}/24 dev ${layout.hostPort}
link set ${layout.hostPort} up
`,
    });
    // A bridge that learns the address of its first port would change its own when that one is unplugged.
    await lan.ip(`link set lo up
link add lan address 02:77:00:0${layout.slot}:00:01 type bridge
address add ${layout.controlAddress}/24 dev lan
link set lan up
link set uplink master lan up
`);
    return lan;
  }

  /** A command that runs in the switch's network namespace. */
  inside(command: readonly string[]): readonly string[] {
    return ["nsenter", `--net=/proc/${this.#holder.pid}/ns/net`, ...command];
  }

  /** Gives the network namespace of a process a network card, and plugs it in. */
  async plug(worker: WorkerLayout, pid: number): Promise<void> {
    await hasOwnNetwork(pid);
    await this.ip(
      `link add ${worker.port} type veth peer name eth0 address ${worker.mac} netns ${pid}
link set ${worker.port} master lan up
`,
    );
  }

  /** Nothing that the worker says comes out from then on, not even that its connections end. */
  async unplug(worker: WorkerLayout): Promise<void> {
    await this.ip(`link delete ${worker.port}\n`).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await run("ip", ["link", "delete", this.#layout.hostPort]).catch(() => undefined);
    await this.#holder.kill();
  }

  async ip(batch: string): Promise<void> {
    const [program = "", ...args] = this.inside(["ip", "-batch", "-"]);
    await run(program, args, { input: batch });
  }
}

/** Between its start and `unshare` a process is still in ours, and must not be given a card there. */
async function hasOwnNetwork(pid: number): Promise<void> {
  const ours = await readlink("/proc/self/ns/net");
  await until(`a network namespace for process ${pid}`, 5000, async () =>
    (await readlink(`/proc/${pid}/ns/net`)) === ours ? null : true,
  );
}
