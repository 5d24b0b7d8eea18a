import { seconds } from "../../src/base/time.ts";
import type { Duration } from "../../src/base/time.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";

interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
interface FakeUnit {
  word: string;
  pid: number;
  frozen: boolean;
  /** `RestartSec` of a unit with Restart=always; null: it stays down. */
  readonly restart: Duration | null;
}

const told = (stdout: string, code = 0, stderr = ""): Told => ({ code, stdout, stderr });
const units = {
  corosync: null,
  "pve-ha-lrm": seconds(10),
  "pve-ha-crm": null,
  kubelet: seconds(10),
  containerd: seconds(5),
} as const;

/** The operating system of a fake node: units, links and the processes that sleep there, on the virtual clock. */
export class FakeSystem {
  stopping = false;
  readonly units = new Map<string, FakeUnit>();
  /** `ip`'s own JSON; tests replace it. */
  links: object[] = [lo, card("eno1", ["192.168.1.5/24"]), card("eno2", ["10.10.0.5/24"])];
  routes: object[] = [
    { dst: "default", gateway: "192.168.1.1", dev: "eno1", protocol: "static", flags: [] },
    { dst: "192.168.1.0/24", dev: "eno1", protocol: "kernel", scope: "link", flags: [] },
  ];
  /** Names of those that are down. */
  readonly down = new Set<string>();
  /** The link that SSH comes in by. */
  sshLink = "eno1";
  timers = 0;
  /** What is thought of the next timers: they die at once. */
  timersDie = false;
  readonly acts: string[] = [];
  onPower: (command: string) => void = () => undefined;
  /** Grows at each boot, which ends what slept before. */
  #boots = 0;
  #lastPid = 100;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.reset();
  }

  reset(): void {
    this.#boots += 1;
    this.stopping = false;
    this.down.clear();
    this.timers = 0;
    for (const [name, restart] of Object.entries(units)) {
      this.units.set(name, { word: "active", pid: this.#newPid(), frozen: false, restart });
    }
  }

  isCutOff(): boolean {
    return this.down.has(this.sshLink);
  }

  run(command: string): Told {
    const script = /^setsid sh -c '([^']*)' (\S+ )?>\/dev\/null 2>&1 <\/dev\/null &$/u.exec(
      command,
    );
    if (script !== null) {
      this.#later(script[1] ?? "", script[2] !== undefined);
      return told("");
    }
    if (command === "ip -details -json address show") return told(JSON.stringify(this.#show()));
    if (command === "ip -json route show") return told(JSON.stringify(this.routes));
    if (command === "pgrep -f 'blackout-network-[t]imer'") {
      return this.timers > 0 ? told("4711\n") : told("", 1);
    }
    if (command === "systemctl is-system-running") {
      return this.stopping ? told("stopping\n", 1) : told("degraded\n", 1);
    }
    return this.#process(command) ?? this.#systemctl(command);
  }

  #process(command: string): Told | null {
    const pid = /^cat \/proc\/(\d+)\/stat$/u.exec(command)?.[1];
    if (pid === undefined) return null;
    const unit = [...this.units.values()].find((each) => each.pid === Number(pid));
    if (unit === undefined) return told("", 1, "No such file or directory");
    return told(`${pid} (a (name) b) ${unit.frozen ? "T" : "S"} 1 ${pid} 0 -1\n`);
  }

  #systemctl(command: string): Told {
    const [program, verb, ...rest] = command.split(" ");
    const named = rest.filter((word) => !word.startsWith("--"));
    const [unit] = named.map((name) => this.units.get(name));
    if (program !== "systemctl" || unit === undefined) return told("", 127, "not found");
    if (verb === "is-active") return told(`${unit.word}\n`, unit.word === "active" ? 0 : 3);
    if (verb === "show") return told(`${unit.pid}\n`);
    if (verb === "stop") Object.assign(unit, { word: "inactive", pid: 0 });
    if (verb === "start") this.#start(unit);
    const signal = /--signal=(\w+)/u.exec(command)?.[1] ?? "";
    for (const name of verb === "kill" ? named : []) this.#signal(name, signal);
    return told("");
  }

  #start(unit: FakeUnit): void {
    if (unit.word === "active") return;
    Object.assign(unit, { word: "active", pid: this.#newPid() });
  }

  #signal(name: string, signal: string): void {
    const unit = this.units.get(name);
    if (unit === undefined) return;
    if (signal === "STOP" || signal === "CONT") unit.frozen = signal === "STOP";
    if (signal !== "KILL") return;
    const { restart } = unit;
    Object.assign(unit, { word: restart === null ? "failed" : "activating", pid: 0 });
    if (restart === null) return;
    this.#clock.queue.after(restart, () => {
      if (unit.word === "activating") this.#start(unit);
    });
  }

  #later(script: string, isTimer: boolean): void {
    const [sleep = "", ...commands] = script.split("; ");
    if (isTimer && this.timersDie) return;
    const boot = this.#boots;
    if (isTimer) this.timers += 1;
    this.#clock.queue.after(seconds(Number(sleep.replace("sleep ", ""))), () => {
      if (boot !== this.#boots) return;
      for (const command of commands) this.#act(command);
      if (isTimer) this.timers -= 1;
    });
  }

  #act(command: string): void {
    this.acts.push(command);
    const link = /^ip link set dev (\S+) (up|down)$/u.exec(command);
    if (link?.[2] === "down") this.down.add(link[1] ?? "");
    if (link?.[2] === "up") this.down.delete(link[1] ?? "");
    if (!command.startsWith("ip ")) this.onPower(command);
  }

  #show(): object[] {
    return this.links.map((link) =>
      "ifname" in link && this.down.has(String(link.ifname))
        ? { ...link, flags: ["BROADCAST", "MULTICAST"] }
        : link,
    );
  }

  #newPid(): number {
    this.#lastPid += 1;
    return this.#lastPid;
  }
}

const addresses = (list: readonly string[]): object[] =>
  list.map((each) => {
    const [local = "", prefix = ""] = each.split("/");
    const family = local.includes(":") ? "inet6" : "inet";
    return { family, local, prefixlen: Number(prefix), scope: "global" };
  });

/** A link as `ip -details -json address show` prints it. */
export const card = (name: string, list: readonly string[] = [], more: object = {}): object => ({
  ifindex: 2,
  ifname: name,
  flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
  operstate: "UP",
  link_type: "ether",
  addr_info: addresses(list),
  ...more,
});
export const lo = {
  ifname: "lo",
  flags: ["LOOPBACK", "UP", "LOWER_UP"],
  addr_info: [{ family: "inet", local: "127.0.0.1", prefixlen: 8, scope: "host" }],
};
/** A link that the kernel makes up: a bridge, a bond, a VLAN, a pod's end. */
export const madeUp = (kind: string): object => ({ linkinfo: { info_kind: kind } });
