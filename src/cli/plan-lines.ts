import {
  desktopInWords,
  faultInWords,
  momentInWords,
  placementInWords,
} from "../analysis/words.ts";
import { counted } from "../base/counted.ts";
import { plainText } from "../base/plain-text.ts";
import { formatDuration, milliseconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Arm, DesktopSpec, Experiment } from "../model/experiment.ts";
import type { HookName, Hooks } from "../model/hooks.ts";
import type { Refusal } from "../model/journal.ts";
import type { ArmPreflight } from "../study/preflight.ts";
import type { Terminal } from "./terminal.ts";

type Colours = Terminal["outColours"];

export interface PlannedArm extends ArmPreflight {
  /** When its desktop is predicted back, in words. */
  readonly predicted: string;
  /** How many trials its accuracy takes, in words; null: that cannot be told. */
  readonly advised: string | null;
}

export interface Planned {
  readonly experiment: Experiment;
  readonly trials: number;
  readonly clock: Pick<Clock, "speed" | "floor">;
  /** Each cluster's lock, by the cluster's name. */
  readonly locks: ReadonlyMap<string, string>;
  readonly arms: readonly PlannedArm[];
}

/** An act, and how it is taken back; null: nothing is changed by it. */
interface Act {
  readonly does: string;
  readonly undo: string | null;
}

/** What a run would do, to whom, in which order, how it is taken back, and what will come of it: for people. */
export function planLines(planned: Planned, colours: Colours): string {
  const { experiment, trials, arms } = planned;
  const head = `${colours.bold(plainText(experiment.title))}\n${counted(trials, "trial")}, ${experiment.order}, seed ${experiment.seed}. Nothing has been touched.`;
  return [
    head,
    actLines("Once for the whole run:", actsOfRun(planned), colours).join("\n"),
    ...arms.map((arm) => armLines(arm, planned, colours).join("\n")),
  ].join("\n\n");
}

const actsOfRun = ({ experiment: { hooks }, locks }: Planned): readonly Act[] => [
  ...hookAct(hooks, "before_run"),
  ...[...locks].map(([cluster, title]) => ({
    does: `take the lock of ${cluster} (${title})`,
    undo: "it is given back when nothing is owed to the cluster any more",
  })),
  { does: "the trials", undo: null },
  ...hookAct(hooks, "after_run"),
];

function armLines(arm: PlannedArm, planned: Planned, colours: Colours): readonly string[] {
  const { identity, health, candidates, predicted, advised } = arm;
  const { name, trials, probe, limits, pictures } = arm.arm;
  return [
    colours.bold(`${name}: ${counted(trials, "trial")} on ${plainText(identity.name)}`),
    `  cluster    ${identity.kind} ${plainText(identity.version)}, ${plainText(identity.fingerprint)}`,
    `  desktop    ${plainText(desktopInWords(arm.arm.desktop))}`,
    `  probe      every ${periodInWords(arm.arm, planned.clock)} down to ${probe.depth}; ${probe.consecutive} good ones in a row count as answering`,
    ...(pictures
      ? ["  pictures   of its screen, before the kill and once it answers again, in frames/"]
      : []),
    `  limits     recovery ${formatDuration(milliseconds(limits.recovery_ms))}, healing ${formatDuration(milliseconds(limits.heal_ms))}`,
    `  predicted  ${predicted}`,
    ...(advised === null ? [] : [`  trials     ${plainText(advised)}`]),
    ...actLines("  Each trial:", actsOfTrial(arm, planned.experiment.hooks), colours),
    ...health.problems.map((each) => colours.yellow(`  not ready  ${plainText(each)}`)),
    ...candidates.flatMap((candidate) => candidateLines(candidate, colours)),
    ...(candidates.length === 0 ? [colours.red("  victim     no node fits the placement")] : []),
  ];
}

const actsOfTrial = ({ arm, cure, candidates }: PlannedArm, hooks: Hooks): readonly Act[] => [
  ...hookAct(hooks, "before_trial"),
  deployment(arm.desktop, placementInWords(arm.placement)),
  {
    does: `${plainText(faultInWords(arm.fault))}, to the node that hosts it then${among(candidates)}, ${momentInWords(arm.when)}`,
    undo: plainText(cure),
  },
  ...hookAct(hooks, "after_trial"),
];

function deployment(desktop: DesktopSpec, where: string): Act {
  if (desktop.kind === "kubernetes") {
    const ingress = desktop.reach.kind === "ingress" ? ", Ingress" : "";
    return {
      does: `create Deployment, Service${ingress} in namespace ${desktop.namespace}, which is made when it is not there; the pod on ${where}`,
      undo: "they are deleted, and so is the namespace if the trial has made it",
    };
  }
  const { source } = desktop;
  return source.kind === "existing"
    ? {
        does: `put VM ${source.vmid} under HA, started; move it to ${where} if it is elsewhere`,
        undo: "its HA settings, comment and power state are put back as they were",
      }
    : {
        does: `clone VM ${source.template} onto ${where}${source.pool === null ? "" : ` (pool ${source.pool})`}, and start the clone under HA`,
        undo: "its HA resource is removed, the clone is stopped and deleted",
      };
}

function among(candidates: PlannedArm["candidates"]): string {
  const allowed = candidates.filter(({ refusals }) => refusals.length === 0);
  const names = allowed.map(({ node }) => plainText(node));
  return names.length === 0 ? "" : ` (${names.join(" or ")})`;
}

/** Its words are the user's own, and no secrets: those come by the environment. */
const hookAct = (hooks: Hooks, name: HookName): readonly Act[] => {
  const hook = hooks[name];
  if (hook === null) return [];
  const refuses = hook.required ? "; when it fails, nothing is touched" : "";
  return [{ does: `hook ${name}: ${plainText(hook.command.join(" "))}${refuses}`, undo: null }];
};

const actLines = (title: string, acts: readonly Act[], colours: Colours): readonly string[] => [
  title,
  ...acts.flatMap(({ does, undo }, index) => [
    `    ${index + 1}. ${does}`,
    ...(undo === null ? [] : [colours.dim(`       undo: ${undo}`)]),
  ]),
];

const candidateLines = (
  { node, refusals, overridden }: PlannedArm["candidates"][number],
  colours: Colours,
): readonly string[] => [
  refusals.length === 0
    ? `  victim     ${plainText(node)}: may be killed`
    : colours.red(
        `  victim     ${plainText(node)}: refused. ${refusals.map(refusalInWords).join(". ")}`,
      ),
  ...overridden.map((each) =>
    colours.yellow(`  override   ${plainText(node)}: ${refusalInWords(each)}; not obeyed`),
  ),
];

const refusalInWords = ({ guard, saw, needs }: Refusal): string =>
  plainText(`${guard}: ${saw}; needs ${needs}`);

/** The grid that was asked for, and the finest that a lab's clock can keep. */
function periodInWords({ probe }: Arm, { speed, floor }: Planned["clock"]): string {
  const asked = milliseconds(probe.period_ms);
  const words = formatDuration(asked);
  return asked >= floor.period
    ? words
    : `${words} (in a lab at ${speed}x: ${formatDuration(floor.period)})`;
}
