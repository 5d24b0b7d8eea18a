import { describeError, OperatingError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { minutes, seconds } from "../../base/time.ts";
import type { Fault, FaultProof, Strike, Tell } from "../../contracts/fault.ts";
import type { CommandFault as CommandSpec } from "../../model/fault-spec.ts";
import type { Refusal } from "../../model/journal.ts";
import type { FaultContext } from "../fault-context.ts";
import { nodeNamed, unknownVictim } from "../fault-context.ts";
import { describeEvidence, judgeDeath, sawLife, sawOff } from "../node/evidence.ts";
import type { Watcher } from "../node/gather-proof.ts";
import { gatherProof, untilAborted } from "../node/gather-proof.ts";
import { Heartbeats } from "../node/heartbeats.ts";
import { SentTimes } from "../node/sent-times.ts";
import { answers } from "../node/signs-of-life.ts";
import { watchLife } from "../node/watchers.ts";
import type { FaultTools, Reach } from "../reach.ts";
import { untold } from "../reach.ts";
import { healByCommand } from "./heal-by-command.ts";
import type { Programs } from "./programs.ts";
import type { Asking } from "./verbs.ts";
import { demand, powerStatus } from "./verbs.ts";

/** Whatever the program does, it may do it by way of a watchdog. */
const STRIKES_WITHIN = minutes(3);
/** Between two questions for the power: a program a second is enough for this machine and for a PDU. */
const STATUS_PAUSE = seconds(1);

/** The user's own program takes the node away and brings it back: see `Verb` for what it is asked. */
export class CommandFault implements Fault {
  readonly spec: CommandSpec;
  readonly strikesWithin: Duration = STRIKES_WITHIN;
  readonly #context: FaultContext;
  readonly #ways: { readonly reach: Reach; readonly programs: Programs };
  readonly #sent = new SentTimes();
  readonly #heartbeats = new Heartbeats();
  /** Victims of whose power the program said that it was on, just before it was to take it. */
  readonly #tellsPower = new Set<string>();

  constructor(spec: CommandSpec, context: FaultContext, reach: Reach, programs: Programs) {
    this.spec = spec;
    this.#context = context;
    this.#ways = { reach, programs };
  }

  get title(): string {
    return `command ${this.spec.program}`;
  }

  get cure(): string {
    return `${this.spec.program} heal, as often as it takes`;
  }

  async check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]> {
    const unknown = unknownVictim(this.#context, victim);
    if (unknown.length > 0) return unknown;
    const asking = this.#asking(victim);
    try {
      await demand(asking, "check", signal);
      return [
        ...this.#checkPower(victim, await powerStatus(asking, signal)),
        ...(await this.#checkAnswers(victim, this.#tools(signal))),
      ];
    } catch (error) {
      signal.throwIfAborted();
      const needs = `${this.spec.program} saying that it can (exit code 0)`;
      return [{ guard: "command", saw: describeError(error), needs }];
    }
  }

  async inject({ victim }: Strike, signal: AbortSignal): Promise<void> {
    const asking = this.#asking(victim);
    this.#sent.forget(victim);
    this.#tellsPower.delete(victim);
    const power = await powerStatus(asking, signal);
    if (power === "off") throw isOff(victim);
    if (power === "on") this.#tellsPower.add(victim);
    await this.#heartbeats.start(nodeNamed(this.#context, victim), this.#tools(signal));
    this.#sent.note(victim, this.#context.clock.now());
    try {
      await demand(asking, "inject", signal);
    } catch (error) {
      this.#heartbeats.stop(victim);
      throw error;
    }
  }

  async confirm({ victim }: Strike, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    try {
      return this.#heartbeats.narrow(victim, await this.#prove(victim, requested, signal));
    } finally {
      this.#heartbeats.stop(victim);
    }
  }

  async #prove(victim: string, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    const { ssh } = nodeNamed(this.#context, victim);
    const witnesses = {
      ssh: ssh !== null,
      power: this.spec.leaves === "off" && this.#tellsPower.has(victim),
      teller: this.spec.program,
    };
    return await gatherProof(
      {
        victim,
        requested: this.#sent.narrow(victim, requested),
        watchers: [
          ...(ssh === null ? [] : [watchLife(ssh)]),
          ...(ssh === null || witnesses.power ? [this.#watchStatus(victim, witnesses)] : []),
        ],
        judge: (evidence) => judgeDeath(evidence, witnesses),
        describe: (evidence) => describeEvidence(evidence, witnesses.teller),
      },
      this.#tools(signal),
    );
  }

  async heal(victim: string, signal: AbortSignal, tell: Tell = untold): Promise<void> {
    await healByCommand(this.#asking(victim), this.#tools(signal, tell));
  }

  async close(): Promise<void> {
    this.#heartbeats.stopAll();
    await Promise.resolve();
  }

  #checkPower(victim: string, power: "on" | "off" | "unknown"): readonly Refusal[] {
    const { ssh } = nodeNamed(this.#context, victim);
    if (power === "off") {
      const saw = `${this.spec.program} says that ${victim} is off`;
      return [{ guard: "node-on", saw, needs: "a node that is switched on" }];
    }
    if (ssh !== null || (power === "on" && this.spec.leaves === "off")) return [];
    return [
      {
        guard: "proof-possible",
        saw: `nothing can tell whether ${victim} is gone: the inventory has no ssh for it, and ${this.spec.program} cannot show it ${this.spec.leaves}`,
        needs: `ssh for ${victim} in the inventory, or a program with the verb status and "leaves: off"`,
      },
    ];
  }

  async #checkAnswers(victim: string, tools: FaultTools): Promise<readonly Refusal[]> {
    const node = nodeNamed(this.#context, victim);
    if (node.ssh === null || (await answers(node, tools))) return [];
    const saw = `${node.ssh.host}:${node.ssh.port} does not greet`;
    return [{ guard: "ssh-reachable", saw, needs: `the SSH port of ${victim} answering` }];
  }

  /** Power that is on proves life only where nobody else tells: a switch may show late what it has done. */
  #watchStatus(victim: string, { ssh }: { readonly ssh: boolean }): Watcher {
    const asking = this.#asking(victim);
    return async (learn, { clock, signal }) => {
      await untilAborted(signal, async () => {
        const asked = clock.now();
        const power = await powerStatus(asking, signal);
        const told = clock.now();
        if (power === "off") learn((before) => sawOff(before, told));
        if (power === "on" && !ssh) learn((before) => sawLife(before, asked));
        await clock.sleep(STATUS_PAUSE, signal);
      });
    };
  }

  #asking(victim: string): Asking {
    return {
      programs: this.#ways.programs,
      spec: this.spec,
      cluster: this.#context.cluster.name,
      node: nodeNamed(this.#context, victim),
      title: this.title,
    };
  }

  #tools(signal: AbortSignal, tell: Tell = untold): FaultTools {
    return { reach: this.#ways.reach, clock: this.#context.clock, signal, tell };
  }
}

const isOff = (victim: string): OperatingError =>
  new OperatingError(
    "not-reached",
    `Cannot take ${victim} away as it is gone already: the program says that it is off`,
  );
