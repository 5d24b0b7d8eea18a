import { desktopInWords, faultInWords, placementInWords } from "../../analysis/words.ts";
import { formatDuration, milliseconds } from "../../base/time.ts";
import type { Method } from "../../faults/method.ts";
import { methodOf } from "../../faults/method.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Arm } from "../../model/experiment.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { planTrials } from "../../study/order.ts";
import type { ArmPreflight } from "../../study/preflight.ts";
import { hopeless } from "../../study/preflight.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import type { StudyOptions } from "../load.ts";
import { loadStudy } from "../load.ts";
import { checkedClusters } from "../preflight.ts";
import { secretsFor } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";
import { clockFor, wire } from "../wire.ts";

/** Reads everything, asks everybody, changes nothing. */
export async function plan(
  file: string,
  options: StudyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const study = await loadStudy(file, options);
  const clock = clockFor(study.experiment, study.inventory);
  const random = new SeededRandom(study.experiment.seed);
  const wired = await wire(study.experiment, study.inventory, {
    clock,
    random,
    secrets: secretsFor(terminal),
  });
  try {
    const results = await checkedClusters(study, wired, clock);
    const trials = planTrials(study.experiment, random);
    terminal.out(
      `${render({ ...study.experiment, count: trials.length, clock }, results, terminal)}\n`,
    );
    return results.some(hopeless) ? exitCode.unsafe : exitCode.pass;
  } finally {
    await wired.close();
    await study.close();
  }
}

function render(
  study: {
    readonly title: string;
    readonly order: string;
    readonly seed: number;
    readonly count: number;
    readonly clock: Clock;
  },
  results: readonly ArmPreflight[],
  { outColours: colours }: Terminal,
): string {
  const head = `${colours.bold(study.title)}\n${study.count} trials, ${study.order}, seed ${study.seed}. Nothing has been touched.`;
  return [head, ...results.map((result) => renderArm(result, study.clock, colours))].join("\n\n");
}

function renderArm(result: ArmPreflight, clock: Clock, colours: Terminal["outColours"]): string {
  const { arm, identity, health } = result;
  const lines = [
    colours.bold(`${arm.name}: ${arm.trials} trials on ${identity.name}`),
    `  cluster   ${identity.kind} ${identity.version}, ${identity.fingerprint}`,
    `  desktop   ${desktopInWords(arm.desktop)}${namespaceOf(arm)}, on ${placementInWords(arm.placement)}`,
    `  fault     ${faultInWords(arm.fault)}`,
    `  undo      ${cures[methodOf(arm.fault).leaves]}; then the desktop is removed`,
    `  probe     every ${periodInWords(arm, clock)} down to ${arm.probe.depth}; ${arm.probe.consecutive} good ones in a row count as answering`,
    `  limits    recovery ${formatDuration(milliseconds(arm.limits.recovery_ms))}, healing ${formatDuration(milliseconds(arm.limits.heal_ms))}`,
    ...health.problems.map((problem) => colours.yellow(`  not ready ${problem}`)),
    ...result.candidates.map(({ node, refusals }) =>
      refusals.length === 0
        ? `  victim    ${node}: may be killed`
        : colours.red(
            `  victim    ${node}: refused. ${refusals.map((each) => `${each.guard}: ${each.saw}; needs ${each.needs}`).join(". ")}`,
          ),
    ),
  ];
  if (result.candidates.length === 0) {
    lines.push(colours.red("  victim    no node fits the placement"));
  }
  return lines.join("\n");
}

const cures = {
  off: "chassis power on over IPMI",
  hung: "chassis power cycle over IPMI",
  rebooting: "the node boots by itself",
} as const satisfies Record<Method["leaves"], string>;

/** A plan says where in the cluster things are put. */
const namespaceOf = ({ desktop }: Arm): string =>
  desktop.kind === "kubernetes" ? `, in namespace ${desktop.namespace}` : "";

/** The grid that was asked for, and the finest that a lab's clock can keep. */
function periodInWords({ probe }: Arm, { speed, floor }: Clock): string {
  const asked = milliseconds(probe.period_ms);
  const words = formatDuration(asked);
  return asked >= floor.period
    ? words
    : `${words} (in a lab at ${speed}x: ${formatDuration(floor.period)})`;
}
