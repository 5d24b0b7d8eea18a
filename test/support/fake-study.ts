import type { Duration } from "../../src/base/time.ts";
import { after, instantInMs, milliseconds, seconds } from "../../src/base/time.ts";
import { spanOf } from "../../src/base/interval.ts";
import type { ClusterDriver } from "../../src/contracts/cluster-driver.ts";
import type { Fault } from "../../src/contracts/fault.ts";
import type { Journal, SampleSink } from "../../src/contracts/journal.ts";
import type { Picture } from "../../src/contracts/viewing.ts";
import type { Predict } from "../../src/contracts/predict.ts";
import type { Probe } from "../../src/contracts/probe.ts";
import { deaf } from "../../src/cli/progress/deaf.ts";
import type { Progress } from "../../src/contracts/progress.ts";
import type { ClocksRead } from "../../src/model/clock-offset.ts";
import type {
  ClusterHealth,
  ControlPlaneEvent,
  NodeHealth,
} from "../../src/model/cluster-facts.ts";
import type { HookRunner } from "../../src/contracts/hook-runner.ts";
import type { Hooks } from "../../src/model/hooks.ts";
import { noHooks } from "../../src/model/hooks.ts";
import type { Arm } from "../../src/model/experiment.ts";
import type { SessionFact } from "../../src/model/held-session.ts";
import type { JournalEvent, JournalRecord } from "../../src/model/journal.ts";
import type { OwnMachine } from "../../src/model/own-machine.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import type { Sample } from "../../src/model/sample.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { Spent } from "../../src/study/spent.ts";
import { StudyHooks } from "../../src/study/study-hooks.ts";
import type { TrialParts } from "../../src/study/trial-parts.ts";
import { FakeLock } from "./fake-lock.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const node = (name: string, changes: Partial<NodeHealth> = {}): NodeHealth => ({
  name,
  online: true,
  maintenance: false,
  votes: 1,
  schedulable: true,
  master: false,
  workloads: [],
  budgets: [],
  machine: { boot_id: null, machine_id: null, addresses: [] },
  ...changes,
});

export const health = (changes: Partial<ClusterHealth> = {}): ClusterHealth => ({
  nodes: [node("pve1", { master: true }), node("pve2"), node("pve3")],
  quorum: { quorate: true, expected_votes: 3, present_votes: 3, needed_votes: 2, device_votes: 0 },
  storage: null,
  hidden: { workloads: null, budgets: null },
  problems: [],
  ...changes,
});

/** Where the tests run: no node of any cluster. */
export const ownMachine: OwnMachine = {
  boot_id: "our-boot",
  machine_id: "our-machine",
  addresses: ["192.0.2.99"],
  gateways: ["192.0.2.1"],
  login_from: "198.51.100.7",
};

export const arm: Arm = {
  name: "arm",
  cluster: "fake",
  trials: 2,
  desktop: {
    kind: "proxmox",
    source: { kind: "clone", template: 9000, pool: null },
    reach: { kind: "console" },
    vnc_password: null,
  },
  placement: { kind: "not-crm-master" },
  fault: { kind: "power", action: "off", over: "ipmi" },
  when: { kind: "random" },
  probe: {
    depth: "frame",
    period_ms: 250,
    connect_timeout_ms: 1000,
    attempt_timeout_ms: 2000,
    max_in_flight: 16,
    consecutive: 4,
  },
  limits: {
    ready_ms: 60_000,
    steady_ms: 60_000,
    confirm_ms: 30_000,
    recovery_ms: 300_000,
    heal_ms: 600_000,
  },
  pictures: false,
  cooldown_ms: 10_000,
};

/** A cluster of three whose desktop on pve2 comes back on pve3 after `outage`; every hook can be replaced. */
export class FakeStudy {
  readonly clock = new VirtualClock();
  readonly lock = new FakeLock();
  readonly lockLost = new AbortController();
  /** What the run did while no trial was under way. */
  readonly betweenTrials: string[] = [];
  /** What the lock was told before each act. */
  readonly owed: string[] = [];
  readonly events: JournalEvent[] = [];
  /** Everything that was done to the outside, in order. */
  readonly acts: string[] = [];
  /** The nodes that control targets had to be off. */
  readonly controlsOff: (string | null)[] = [];
  readonly samplesKept: Sample[] = [];
  hooks: Hooks = noHooks;
  /** The program of a hook that fails, and of one that does not end by itself. */
  failingHook = "";
  hangingHook = "";
  readonly told: Readonly<Record<string, string>>[] = [];
  outage: Duration = seconds(134);
  answering = true;
  down = new Set<string>();
  health: () => ClusterHealth = () =>
    health({
      nodes: health().nodes.map((each) => ({ ...each, online: !this.down.has(each.name) })),
    });
  clocks: ClocksRead = { epoch_ms: 0, clocks: [], silent: [] };
  driver: Partial<ClusterDriver> = {};
  /** What a look at the desktop shows. */
  picture: () => Promise<Picture> = async () => await Promise.resolve(this.#picture());
  /** What the control plane tells as soon as it is observed. */
  controlPlane: readonly ControlPlaneEvent[] = [];
  predict: Predict = async () => await Promise.resolve("nobody predicts here");
  fault: { -readonly [Key in keyof Fault]?: Fault[Key] } = {};
  #node = "pve2";

  parts(): TrialParts {
    return {
      run: "run",
      trial: { id: "001-arm-1", arm: "arm", repetition: 1, seed: 1 },
      arm,
      cluster: {
        driver: { ...this.#driver(), ...this.driver },
        safety: defaultSafety,
        identity: { name: null, fingerprint: null },
        apiHosts: ["pve1", "pve2", "pve3"].map((on) => ({ url: `https://${on}:8006`, node: on })),
        machines: {
          own: async () => ownMachine,
          addressesOf: async (host) => [host],
          below: async (_node, machine) => ({ machine, login: null }),
        },
      },
      lock: {
        lost: this.lockLost.signal,
        owe: async (owed) => {
          this.owed.push(owed.act);
          await Promise.resolve();
        },
        settle: async () => await Promise.resolve(),
      },
      fault: { ...this.#fault(), ...this.fault },
      hooks: new StudyHooks({
        hooks: this.hooks,
        runner: this.hookRunner(),
        journal: this.journal(),
        progress: this.progress(),
        facts: { RUN: "run" },
      }),
      probe: this.#probe(),
      views: {
        picture: async () => {
          this.acts.push("look");
          return await this.picture();
        },
        view: async () => await Promise.reject(new Error("nobody watches here")),
      },
      pictures: {
        keep: async ({ trial, when }) => {
          this.acts.push(`keep ${when}`);
          const file = `frames/${trial}-${when}`;
          return await Promise.resolve({ file: `${file}.png`, thumbnail: `${file}-small.png` });
        },
      },
      predict: async (...asked) => await this.predict(...asked),
      clock: this.clock,
      random: new SeededRandom(1),
      journal: this.journal(),
      samples: this.samples(),
      progress: this.progress(),
      overrides: [],
      spent: new Spent(this.clock),
    };
  }

  /** Notes each hook among the acts, with what it was told. */
  hookRunner(): HookRunner {
    return {
      run: async ({ command }, facts, signal) => {
        const [name = ""] = command;
        this.acts.push(`hook ${name}`);
        this.told.push(facts);
        if (this.hangingHook === name) await this.clock.sleep(seconds(30), signal).catch(nothing);
        const ok = this.failingHook !== name && this.hangingHook !== name;
        return { ok, detail: ok ? "" : `${name} failed: its exit code is 3`, said: "some words" };
      },
    };
  }

  kinds(): readonly string[] {
    return this.events.map((event) => event.kind);
  }

  journal(): Journal {
    const append = (event: JournalEvent): Promise<JournalRecord> => {
      this.events.push(event);
      return Promise.resolve({
        seq: this.events.length,
        at_ms: instantInMs(this.clock.now()),
        wall: this.clock.wall().toISO() ?? "",
        event,
      });
    };
    return { append, commit: append };
  }

  samples(): SampleSink {
    return { add: (sample) => this.samplesKept.push(sample), flush: () => Promise.resolve() };
  }

  progress(): Progress {
    return {
      ...deaf,
      step: (trial, doing) => {
        if (trial === null) this.betweenTrials.push(doing);
      },
    };
  }

  #driver(): ClusterDriver {
    return {
      kind: "proxmox",
      name: "fake",
      lock: this.lock,
      identify: () =>
        Promise.resolve({ kind: "proxmox", name: "fake", fingerprint: "AA", version: "9" }),
      health: () => Promise.resolve(this.health()),
      prepare: (request) =>
        Promise.resolve({
          kind: "proxmox",
          vmid: 100,
          name: "desktop",
          mark: request.mark,
          owned: true,
          before: null,
        }),
      deploy: () => {
        this.acts.push("deploy");
        return Promise.resolve({ node: this.#node, instance: "first" });
      },
      endpoint: () =>
        Promise.resolve({
          kind: "novnc",
          page_url: "http://127.0.0.1/",
          websocket_url: "ws://127.0.0.1/",
          host_header: null,
          vnc_password: null,
          ca_pem: null,
        }),
      control: (victim) => {
        this.controlsOff.push(victim);
        return { kind: "tcp", address: () => ({ host: "127.0.0.1", port: 8006 }) };
      },
      whereabouts: () => Promise.resolve({ node: this.#node, instance: "some" }),
      timers: () =>
        Promise.resolve({
          kind: "kubernetes",
          lease_age_ms: null,
          node_monitor_period_ms: 5000,
          node_monitor_grace_ms: 40_000,
          toleration_s: 1,
          start_ms: null,
          at_ms: [0, 0],
        }),
      clocks: () => Promise.resolve(this.clocks),
      bearsMark: () =>
        Promise.resolve(this.acts.lastIndexOf("deploy") > this.acts.lastIndexOf("remove")),
      avoid: (which) => this.acts.push(`avoid ${which ?? "nobody"}`),
      observe: (_desktop, { onEvent }, signal) =>
        new Promise((resolve) => {
          for (const event of this.controlPlane) onEvent(event);
          signal.addEventListener("abort", () => resolve(), { once: true });
        }),
      remove: () => {
        this.acts.push("remove");
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }

  #fault(): Fault {
    return {
      spec: arm.fault,
      title: "IPMI power off",
      cure: "the BMC switches the node on",
      strikesWithin: seconds(30),
      check: () => Promise.resolve([]),
      inject: ({ victim }) => {
        this.acts.push(`kill ${victim}`);
        this.down.add(victim);
        this.answering = false;
        this.clock.queue.after(this.outage, () => {
          this.answering = true;
          this.#node = "pve3";
        });
        return Promise.resolve();
      },
      confirm: (_strike, requested) =>
        Promise.resolve({
          gone: spanOf(requested.earliest, after(requested.latest, milliseconds(5))),
          evidence: "power status off",
        }),
      heal: (victim) => {
        this.acts.push(`heal ${victim}`);
        this.down.delete(victim);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }

  #probe(): Probe {
    const period = seconds(1);
    return {
      effective: () => ({ period, connectTimeout: seconds(1), attemptTimeout: seconds(2) }),
      watch: async (watch, onSample, signal) => {
        for (let seq = 0; !signal.aborted; seq++) {
          onSample(this.#sample(seq, watch));
          await this.clock.sleep(period, signal).catch(() => undefined);
        }
      },
      hold: async (_session, tell, signal) => await this.#hold(tell, signal),
    };
  }

  #picture(): Picture {
    const now = this.clock.now();
    const taken = spanOf(now, now);
    return { width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3), taken, instance: this.#node };
  }

  /** It is left open at the end. */
  async #hold(tell: (fact: SessionFact) => void, signal: AbortSignal): Promise<void> {
    const now = (): number => instantInMs(this.clock.now());
    tell({ kind: "session-held", asked_ms: now(), instance: this.#node, every_ms: 1000 });
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const end = { how: "left-open", detail: "", since_ms: null } as const;
    tell({ kind: "session-ended", at_ms: now(), ...end });
  }

  #sample(seq: number, { trial, target }: Pick<Sample, "trial" | "target">): Sample {
    const now = instantInMs(this.clock.now());
    return {
      seq,
      trial,
      target,
      scheduled_ms: now,
      started_ms: now,
      ended_ms: now,
      result:
        this.answering || target === "control"
          ? { kind: "good", instance: target === "control" ? null : this.#node }
          : { kind: "bad", reached: null, failure: { kind: "timed-out", during: "tcp" } },
    };
  }
}

const nothing = (): void => undefined;
