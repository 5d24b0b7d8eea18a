import { middleMs } from "../../base/interval.ts";
import type { Cause, Evidence } from "./evidence.ts";
import { secondsOf } from "./in-words.ts";
import { otherSettings } from "./other-settings.ts";
import { WORTH_TELLING_MS, phaseCauses } from "./phase-causes.ts";

/** Why a recovery may lie outside its prediction, by how much each could move it. */
export const likelyCauses = (evidence: Evidence): readonly string[] =>
  [
    ...ownNode(evidence),
    ...otherSettings(evidence),
    ...phaseCauses(evidence),
    ...coarseProbe(evidence),
    ...flapping(evidence),
    ...gaps(evidence),
    ...overload(evidence),
  ]
    .toSorted((a, b) => b.ms - a.ms)
    .map(({ words }) => words);

function ownNode({ trial, failover: { heir, victim }, predicted }: Evidence): readonly Cause[] {
  const { recovery } = trial.durations_ms;
  if (heir !== victim || recovery === null) return [];
  const ms = Math.abs(middleMs(recovery) - middleMs(predicted.recovery_ms));
  return [
    {
      ms,
      words: `the desktop came back on ${victim} itself, and the prediction is of another node taking it over`,
    },
  ];
}

/** Wider than what was predicted, the measurement cannot confirm it. */
function coarseProbe({ trial, predicted, failover: { grid } }: Evidence): readonly Cause[] {
  const { recovery } = trial.durations_ms;
  if (recovery === null) return [];
  const ms = recovery[1] - recovery[0];
  return ms <= predicted.recovery_ms[1] - predicted.recovery_ms[0]
    ? []
    : [
        {
          ms: ms / 2,
          words: `the probe is too coarse: every ${grid.period_ms} ms, it leaves the recovery ${secondsOf(ms)} wide, wider than the prediction`,
        },
      ];
}

/** Each time that it was gone again, the recovery starts anew. */
const flapping = ({ trial: { samples }, failover: { grid } }: Evidence): readonly Cause[] =>
  samples.flaps === 0
    ? []
    : [
        {
          ms: samples.flaps * grid.consecutive * grid.period_ms,
          words: `the desktop answered and was gone again ${samples.flaps === 1 ? "once" : `${samples.flaps} times`} before it stayed`,
        },
      ];

function gaps({ failover: { events, fault, back } }: Evidence): readonly Cause[] {
  const lengths = events
    .filter(({ kind }) => kind === "observation-gap")
    .map(({ observed_ms: [from, to] }) => Math.min(to, back[1]) - Math.max(from, fault[0]))
    .filter((ms) => ms > 0);
  const ms = Math.max(0, ...lengths);
  return ms < WORTH_TELLING_MS
    ? []
    : [
        {
          ms: ms / 2,
          words: `a gap of ${secondsOf(ms)} in what the control plane told: what happened in it is known only so far`,
        },
      ];
}

/** More than one attempt in so many that did not start when it should have. */
const LATE_SHARE = 0.05;

function overload({ samples, failover: { fault, back, grid } }: Evidence): readonly Cause[] {
  const during = samples.filter(
    ({ target, scheduled_ms }) =>
      target === "desktop" && scheduled_ms >= fault[0] && scheduled_ms <= back[1],
  );
  const late = during.filter(
    ({ result }) =>
      result.kind === "unobserved" && (result.why === "late" || result.why === "skipped"),
  );
  return late.length <= during.length * LATE_SHARE
    ? []
    : [
        {
          ms: late.length * grid.period_ms,
          words: `this machine, or the lab on it, was overloaded: ${late.length} of ${during.length} attempts did not start in time`,
        },
      ];
}
