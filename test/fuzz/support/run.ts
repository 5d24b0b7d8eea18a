import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Something that holds whatever a peer sends. Rejects, or returns, where it does not. */
export interface Law<T> {
  readonly says: string;
  /** How many of a file's inputs are for it, as against the others of the file; those over HTTP take longer. */
  readonly share: number;
  readonly input: fc.Arbitrary<T>;
  readonly holds: (input: T) => Promise<void>;
}

/** Its input is bound to it, so that laws of different inputs make one list. */
export interface BoundLaw {
  readonly says: string;
  readonly share: number;
  readonly check: (inputs: number) => Promise<void>;
}

export const law = <T>({ says, share, input, holds }: Law<T>): BoundLaw => ({
  says,
  share,
  check: async (inputs) => {
    await fc.assert(fc.asyncProperty(input, holds), { numRuns: inputs, seed: seed() });
  },
});

/** What `npm test` tries of all laws of a file together, and what the nightly series tries. */
export const FEW = 2000;
export const MANY = 100_000;

const SEED = 20_261_124;

/** `BLACKOUT_FUZZ_SEED` looks elsewhere; a failure prints the seed and the path to the smallest input. */
function seed(): number {
  const wanted = Number(process.env["BLACKOUT_FUZZ_SEED"] ?? SEED);
  if (!Number.isSafeInteger(wanted)) throw new Error("BLACKOUT_FUZZ_SEED is no whole number");
  return wanted;
}

/** Tries `inputs` inputs, which the laws share. */
export function tryLaws(peer: string, laws: readonly BoundLaw[], inputs: number): void {
  const shares = laws.reduce((sum, { share }) => sum + share, 0);
  describe(`${peer}, seed ${seed()}, ${inputs} inputs`, () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    const timeout = inputs === MANY ? 1_800_000 : 60_000;
    const named = laws.map((each) => [each.says, each] as const);
    it.for(named)("%s", { timeout }, async ([, { share, check }]) => {
      process.on("unhandledRejection", note);
      try {
        await check(Math.ceil((inputs * share) / shares));
        // A rejection that nobody took is told after the microtasks.
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      } finally {
        process.off("unhandledRejection", note);
      }
      expect(unhandled).toEqual([]);
    });
  });
}
