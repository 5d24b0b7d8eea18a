import type { Sample } from "../model/sample.ts";

/**
 * What was seen of the desktop: its samples, in order, the bad ones among them unobserved where the prober was deaf to
 * the control target as well (DESIGN section 6). That one is off the victim and on the same grid, so its failure tells
 * of the prober or its network. A good sample stands: who hears the desktop is not deaf.
 *
 * Attempts of one grid point do not meet the same moment: a silence may begin when the control's TCP connection is
 * there and the desktop's picture is not. So a bad sample counts only when no control attempt failed that was under way
 * at the same time. A control sample that is missing, or itself unobserved, says nothing.
 */
export function observedSamples(samples: readonly Sample[]): readonly Sample[] {
  const spells = deafSpells(samples.filter(({ target }) => target === "control"));
  const desktop = samples.filter(({ target }) => target === "desktop").toSorted(bySeq);
  let next = 0;
  return desktop.map((sample) => {
    let spell = spells[next];
    while (spell !== undefined && spell.to_ms < sample.scheduled_ms) spell = spells[++next];
    if (sample.result.kind !== "bad" || spell === undefined) return sample;
    return spell.from_ms <= sample.ended_ms ? unobserved(sample, spell) : sample;
  });
}

interface DeafSpell {
  readonly from_ms: number;
  readonly to_ms: number;
  /** How the control target failed first. */
  readonly failure: string;
}

/** When control attempts were under way that failed: in order, none touching another. */
function deafSpells(control: readonly Sample[]): readonly DeafSpell[] {
  const spells: DeafSpell[] = [];
  for (const { scheduled_ms, ended_ms, result } of control.toSorted(bySeq)) {
    if (result.kind !== "bad") continue;
    const last = spells.at(-1);
    if (last !== undefined && scheduled_ms <= last.to_ms) {
      spells[spells.length - 1] = { ...last, to_ms: Math.max(last.to_ms, ended_ms) };
    } else {
      spells.push({ from_ms: scheduled_ms, to_ms: ended_ms, failure: result.failure.kind });
    }
  }
  return spells;
}

const bySeq = (a: Sample, b: Sample): number => a.seq - b.seq;

const unobserved = (sample: Sample, { failure }: DeafSpell): Sample => ({
  ...sample,
  result: {
    kind: "unobserved",
    why: "control-failed",
    detail: `the control target failed, too: ${failure}`,
  },
});
