import { inSeconds, sinceOrigin } from "../../../src/base/time.ts";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import type { ProxmoxTwin } from "../../../src/twin/proxmox/proxmox-twin.ts";
import type { Range } from "./fault-formulas.ts";
import { Scenario } from "./scenario.ts";

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1);
export const VICTIM = "pve2";
const SID = "vm:100";

interface Plan {
  readonly settings?: Partial<ProxmoxSettings>;
  readonly assumed?: Partial<ProxmoxSettings["assumed"]>;
  readonly master?: string;
  /** Hosts the VM; the victim by default. */
  readonly host?: string;
  readonly fault: (twin: ProxmoxTwin) => void;
  /** Seconds to watch after it. */
  readonly watch: number;
}

/** VM 100 has been running for a while when the fault strikes, at any phase of all loops. All times are seconds since then. */
export class FaultRun {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly bootId: string;
  readonly #struck: number;

  constructor(seed: number, plan: Plan) {
    this.seed = seed;
    const assumed = { ...defaultProxmoxSettings.assumed, ...plan.assumed };
    const settings = { ...plan.settings, assumed };
    this.scenario = new Scenario(seed, { settings, master: plan.master ?? "pve3" });
    this.scenario.deploy(100, plan.host ?? VICTIM);
    this.scenario.wait(60 + 30 * this.scenario.random.next());
    this.bootId = this.guestBoot();
    this.#struck = this.scenario.now;
    plan.fault(this.scenario.twin);
    this.scenario.wait(plan.watch);
  }

  get twin(): ProxmoxTwin {
    return this.scenario.twin;
  }

  get now(): number {
    return this.scenario.now - this.#struck;
  }

  wait(duration: number): void {
    this.scenario.wait(duration);
  }

  /** When this came first; NaN if never. */
  first(what: string, match: { node?: string; detail?: string } = {}): number {
    const [time = NaN] = this.scenario.times(what, this.#struck, match);
    return time - this.#struck;
  }

  count(what: string, match: { node?: string; detail?: string } = {}): number {
    return this.scenario.times(what, this.#struck, match).length;
  }

  /** How old the last of these was when the fault struck. */
  age(what: string, match: { node?: string; detail?: string }): number {
    const last = this.scenario.times(what, 0, match).findLast((time) => time <= this.#struck);
    if (last === undefined) throw new Error(`seed ${this.seed}: no ${what} before the fault`);
    return this.#struck - last;
  }

  get crmAge(): number {
    return this.age("crm-round", { node: "pve3" });
  }

  get lrmAge(): number {
    return this.age("lrm-round", { node: VICTIM });
  }

  /** When VM 100 ended for the first time; NaN if it never did. */
  get guestDead(): number {
    const [time = NaN] = this.#guestEvents((phase) => phase === "off");
    return time;
  }

  /** When the victim's power went. */
  get powerGone(): number {
    const event = this.scenario.events.findLast(
      (each) => each.kind === "host" && each.node === VICTIM && each.state === "off",
    );
    return event === undefined ? NaN : inSeconds(sinceOrigin(event.at)) - this.#struck;
  }

  get guestStarts(): readonly number[] {
    return this.#guestEvents((phase) => phase === "starting");
  }

  /** The move of the service by fencing. */
  get moved(): number {
    return this.first("service-moved", { detail: SID });
  }

  get serviceState(): string {
    return this.twin.managerStatus().services[SID]?.state ?? "none";
  }

  guestBoot(): string {
    const guest = this.twin.vms().find((vm) => vm.vmid === 100)?.guest;
    return guest === undefined || guest.phase === "off" ? "" : guest.bootId;
  }

  #guestEvents(isIt: (phase: string) => boolean): number[] {
    return this.scenario.events.flatMap((event) => {
      const time = inSeconds(sinceOrigin(event.at)) - this.#struck;
      const isMine = event.kind === "guest" && event.vmid === 100 && isIt(event.state.phase);
      return isMine && time >= 0 ? [time] : [];
    });
  }
}

/** One run a seed, made when they are first asked for. */
export function runsOf(plan: Plan, seeds = SEEDS): () => readonly FaultRun[] {
  let runs: readonly FaultRun[] | null = null;
  return () => (runs ??= seeds.map((seed) => new FaultRun(seed, plan)));
}

/** The seeds of those runs for which the value is not in the range, with what was seen. */
export function outside(
  runs: readonly FaultRun[],
  value: (run: FaultRun) => number,
  range: Range | ((run: FaultRun) => Range),
): readonly object[] {
  return runs.flatMap((run) => {
    const seen = value(run);
    const [low, high] = typeof range === "function" ? range(run) : range;
    return seen >= low && seen <= high ? [] : [{ seed: run.seed, seen, low, high }];
  });
}

/** Those for which something is not as it should be. */
export const not = (
  runs: readonly FaultRun[],
  isRight: (run: FaultRun) => boolean,
): readonly number[] => runs.filter((run) => !isRight(run)).map(({ seed }) => seed);

export const around = (value: number, tolerance: number): Range => [
  value - tolerance,
  value + tolerance,
];

/** When the victim's watchdog reset it. */
export const resetOf = (run: FaultRun): number => run.first("watchdog-reset", { node: VICTIM });

export const agentLockAge = (run: FaultRun): number =>
  run.age("lock-renewed", { detail: `ha_agent_${VICTIM}_lock` });

export const managerLockAge = (run: FaultRun): number =>
  run.age("lock-renewed", { detail: "ha_manager_lock" });
