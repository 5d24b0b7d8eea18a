import type { ArmPair } from "../analysis/comparison/compare-runs.ts";
import { OperatingError } from "../base/errors.ts";
import { allowedHint } from "../config/nearest.ts";
import type { Baseline, BaselineArm } from "../model/baseline.ts";

/** Which arms are held against each other: those that `--arm a` or `--arm a=b` ask for, else all that have one name in both. */
export function armPairs(
  run: Baseline,
  against: Baseline,
  asked: readonly string[],
): readonly ArmPair[] {
  if (asked.length > 0) return asked.map((text) => askedPair(text, run, against));
  const pairs = run.arms.flatMap((own) => {
    const other = against.arms.find(({ name }) => name === own.name);
    return other === undefined ? [] : [{ own, other }];
  });
  if (pairs.length > 0) return pairs;
  throw new OperatingError(
    "configuration",
    `no arm of ${run.run} (${namesOf(run)}) has the name of one of ${against.run} (${namesOf(against)}); pair them with --arm <arm>=<arm>`,
  );
}

function askedPair(text: string, run: Baseline, against: Baseline): ArmPair {
  const [own = "", other = own, ...more] = text.split("=");
  if (more.length > 0 || own === "" || other === "") {
    throw new OperatingError("configuration", `--arm ${text}: must be <arm> or <arm>=<arm>`);
  }
  return { own: armNamed(own, run, text), other: armNamed(other, against, text) };
}

function armNamed(name: string, side: Baseline, text: string): BaselineArm {
  const arm = side.arms.find((each) => each.name === name);
  if (arm !== undefined) return arm;
  const names = side.arms.map((each) => each.name);
  throw new OperatingError(
    "configuration",
    `--arm ${text}: ${side.run} has no arm "${name}"; ${allowedHint(name, names)}`,
  );
}

const namesOf = ({ arms }: Baseline): string => arms.map(({ name }) => name).join(", ");
