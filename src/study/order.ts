import type { Random } from "../contracts/random.ts";
import type { Arm, Experiment } from "../model/experiment.ts";
import type { PlannedTrial } from "../model/plan.ts";

/** Which trials an experiment consists of, in the order in which they will run. The seed fixes everything. */
export function planTrials(experiment: Experiment, random: Random): readonly PlannedTrial[] {
  const slots = inOrder(experiment, random.fork("order"));
  const digits = Math.max(3, String(slots.length).length);
  return slots.map((slot, index) => {
    const number = String(index + 1).padStart(digits, "0");
    const id = `${number}-${slot.arm.name}-${slot.repetition}`;
    return {
      id,
      arm: slot.arm.name,
      repetition: slot.repetition,
      seed: random.fork(id).seed,
    };
  });
}

interface Slot {
  readonly arm: Arm;
  readonly repetition: number;
}

function inOrder(experiment: Experiment, random: Random): readonly Slot[] {
  const byArm = experiment.arms.map((arm) =>
    Array.from({ length: arm.trials }, (_, index): Slot => ({ arm, repetition: index + 1 })),
  );
  switch (experiment.order) {
    case "sequential":
      return byArm.flat();
    case "interleaved":
      return byArm.flat().toSorted((a, b) => a.repetition - b.repetition);
    case "random":
      return shuffled(byArm.flat(), random);
  }
}

/** Fisher-Yates. */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const pick = Math.floor(random.next() * (last + 1));
    const [moved] = result.splice(pick, 1, ...result.slice(last, last + 1));
    if (moved !== undefined) result[last] = moved;
  }
  return result;
}
