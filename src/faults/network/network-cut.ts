import { either } from "../../base/abort.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { formatDuration, inSeconds, milliseconds, minutes, times } from "../../base/time.ts";
import type { Fault, FaultProof, Strike, Tell } from "../../contracts/fault.ts";
import type { NetworkCut as NetworkCutSpec } from "../../model/fault-spec.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import { detached } from "../detached.ts";
import type { FaultContext } from "../fault-context.ts";
import { nodeNamed, unknownVictim } from "../fault-context.ts";
import { checkOverSsh } from "../node/check-ssh.ts";
import { confirmEffect } from "../node/confirm-effect.ts";
import { demandSuccess } from "../node/demand-success.ts";
import { sshOf } from "../node/no-way-in.ts";
import { SentTimes } from "../node/sent-times.ts";
import { output } from "../node/ssh-output.ts";
import type { Look } from "../node/watchers.ts";
import type { FaultTools, Reach } from "../reach.ts";
import { untold } from "../reach.ts";
import { healCut } from "./heal-cut.ts";
import { loweringCommands } from "./restoring.ts";
import type { Cut } from "./survey.ts";
import { stillDown, surveyCut } from "./survey.ts";
import { seeTimerRun, timerCommand, timerRuns } from "./timer.ts";

/** PVE's watchdog resets a node that is cut off after 71 s at most, Kubernetes' grace ends after 50 s. */
const STRIKES_WITHIN = minutes(3);
/** The cut is sent in the first part of the timer's time, or never: one that came after its timer would stay. */
const CUT_WITHIN = 0.5;

/** Takes links of the victim down. A timer there, which is seen to run before, takes them up again. */
export class NetworkCut implements Fault {
  readonly spec: NetworkCutSpec;
  readonly strikesWithin: Duration = STRIKES_WITHIN;
  readonly #context: FaultContext;
  readonly #reach: Reach;
  readonly #sent = new SentTimes();
  /** What this process has cut. Another one has to find out what it can. */
  readonly #cuts = new Map<string, Cut>();

  constructor(spec: NetworkCutSpec, context: FaultContext, reach: Reach) {
    this.spec = spec;
    this.#context = context;
    this.#reach = reach;
  }

  get title(): string {
    return `network cut (${this.spec.cut}) over SSH`;
  }

  get cure(): string {
    return `a timer on the node takes its links up again after ${formatDuration(this.#length)}`;
  }

  async check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]> {
    const unknown = unknownVictim(this.#context, victim);
    if (unknown.length > 0) return unknown;
    const tools = this.#tools(signal);
    return await checkOverSsh(nodeNamed(this.#context, victim), tools, async (access) => {
      if (await timerRuns(access, tools)) return [earlierCut(victim)];
      return await this.#checkCut(access, tools);
    });
  }

  async inject({ victim }: Strike, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const access = sshOf(nodeNamed(this.#context, victim));
    const tools = this.#tools(signal);
    this.#sent.forget(victim);
    this.#cuts.delete(victim);
    const cut = await surveyCut(this.spec.cut, access, tools);
    if (await timerRuns(access, tools)) throw new OperatingError("unsafe", earlierCut(victim).saw);
    const tooLate = clock.timeout(times(this.#length, CUT_WITHIN));
    // Before anything is sent, so that `heal` knows what may be down.
    this.#cuts.set(victim, cut);
    await output(access, timerCommand(this.#wholeSeconds, cut.restoring), tools);
    await seeTimerRun(access, tools);
    const command = detached(loweringCommands(cut.links).join("; "));
    const end = await this.#reach.run(access, command, either(signal, tooLate));
    this.#sent.note(victim, end.sent);
    demandSuccess(end, `cut the network of ${victim}`);
  }

  async confirm({ victim }: Strike, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    const node = nodeNamed(this.#context, victim);
    const access = sshOf(node);
    const cut = this.#cuts.get(victim) ?? null;
    return await confirmEffect(
      node,
      {
        missing: "its links stayed up, and its SSH answers",
        look: async (tools) => await this.#look(cut, access, tools),
      },
      this.#sent.narrow(victim, requested),
      this.#tools(signal),
    );
  }

  async heal(victim: string, signal: AbortSignal, tell: Tell = untold): Promise<void> {
    await healCut(
      nodeNamed(this.#context, victim),
      { spec: this.spec, known: this.#cuts.get(victim) ?? null },
      this.#tools(signal, tell),
    );
  }

  async close(): Promise<void> {
    // Sessions are opened for each act and closed after it.
  }

  get #length(): Duration {
    return milliseconds(this.spec.for_ms);
  }

  get #wholeSeconds(): number {
    return Math.ceil(inSeconds(this.#length));
  }

  async #checkCut(access: SshAccess, tools: FaultTools): Promise<readonly Refusal[]> {
    try {
      await surveyCut(this.spec.cut, access, tools);
      return [];
    } catch (error) {
      // What the node cannot be asked is refused with its own guard.
      if (!(error instanceof OperatingError) || error.code !== "configuration") throw error;
      const needs = `links of ${access.host} that can be cut and put back`;
      return [{ guard: "network-cut", saw: describeError(error), needs }];
    }
  }

  /** By another network than the one that is cut, since otherwise there is only silence. */
  async #look(cut: Cut | null, access: SshAccess, tools: FaultTools): Promise<Look> {
    const { down, asked } = await stillDown(this.spec.cut, cut, access, tools);
    const all = cut?.links.length ?? 0;
    if (all > 0 && down.length === all) {
      return { asked, shows: { kind: "struck", what: `down: ${down.join(", ")}` } };
    }
    return { asked, shows: { kind: all > 0 && down.length === 0 ? "as-before" : "unclear" } };
  }

  #tools(signal: AbortSignal, tell: Tell = untold): FaultTools {
    return { reach: this.#reach, clock: this.#context.clock, signal, tell };
  }
}

const earlierCut = (victim: string): Refusal => ({
  guard: "network-cut",
  saw: `Cannot cut the network of ${victim} as the timer of an earlier cut runs there`,
  needs: "that timer's end: it takes the links up again",
});
