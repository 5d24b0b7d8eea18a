import type { RangeMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { Phase } from "../../model/experiment.ts";
import type { Cause, Evidence } from "./evidence.ts";
import { secondsOf } from "./in-words.ts";

/** What phases that were longer or shorter than foretold hint at. */
export const phaseCauses = (evidence: Evidence): readonly Cause[] => [
  ...slowStart(evidence),
  ...slowService(evidence),
  ...noRoom(evidence),
  ...soonerThanAssumed(evidence),
  ...soonerThanDeployed(evidence),
];

/** Less than that is no cause to look for. */
export const WORTH_TELLING_MS = 500;

/** A cause that moves the recovery by `ms`, if that is worth telling. */
const causeOf = (ms: number, words: (ms: number) => string): readonly Cause[] =>
  ms < WORTH_TELLING_MS ? [] : [{ ms, words: words(ms) }];

interface Foretold {
  readonly range: RangeMs;
  /** `than predicted`. */
  readonly than: string;
}

/**
 * A pod's start is predicted from the one at its deployment, and no phase of it apart: then each is held against all of
 * that.
 */
function foretoldOf(evidence: Evidence, phase: Phase): Foretold | null {
  const range = evidence.predicted.phases_ms[phase] ?? null;
  if (range !== null) return { range, than: "than predicted" };
  const deployed = deploymentOf(evidence);
  if (deployed === null || (phase !== "start" && phase !== "service")) return null;
  const took = secondsOf(middleMs(deployed));
  return { range: deployed, than: `than the whole start at the deployment, which took ${took}` };
}

/** How long the pod took there, from bound to Ready; null: this run did not see it, or no pod was deployed. */
function deploymentOf({ failover: { timers } }: Evidence): RangeMs | null {
  // Journals of before it was noted have none.
  return timers.kind === "kubernetes" ? (timers.start_ms ?? null) : null;
}

/** `excess`: by how much the phase was longer, at least. */
function longer(
  evidence: Evidence,
  phase: Phase,
  words: (excess: string, than: string) => string,
): readonly Cause[] {
  const [measured, foretold] = [evidence.trial.durations_ms[phase], foretoldOf(evidence, phase)];
  if (measured === null || foretold === null) return [];
  return causeOf(measured[0] - foretold.range[1], (ms) => words(secondsOf(ms), foretold.than));
}

/** A pod's deployment had the image, or pulled it then; so it tells what a start takes. */
const slowStart = (evidence: Evidence): readonly Cause[] =>
  longer(evidence, "start", (excess, than) =>
    evidence.failover.timers.kind === "proxmox"
      ? `storage or busy LRM workers on ${evidence.failover.heir ?? "the target"}: the VM was started ${excess} later than a round of its LRM allows`
      : `an image pull on ${evidence.failover.heir ?? "the new node"}: the container took ${excess} longer to start ${than}`,
  );

const slowService = (evidence: Evidence): readonly Cause[] =>
  longer(evidence, "service", (excess, than) =>
    evidence.failover.timers.kind === "proxmox"
      ? `a slow boot, or storage that QEMU waited for: from its start to answering took ${excess} longer ${than}`
      : `a slow start of the desktop in its container: to answer took it ${excess} longer ${than}`,
  );

const noRoom = (evidence: Evidence): readonly Cause[] =>
  longer(
    evidence,
    "placement",
    (excess) => `no room on another node: the desktop was placed ${excess} later than predicted`,
  );

interface Assumed {
  readonly phase: Phase;
  /** What of it is assumed, and by which name `blackout predict --set` changes it. */
  readonly what: string;
  readonly knob: string;
}

const assumed: Readonly<Record<Evidence["failover"]["timers"]["kind"], readonly Assumed[]>> = {
  proxmox: [{ phase: "service", what: "the guest answered", knob: "guestBoot" }],
  kubernetes: [
    { phase: "start", what: "the container ran", knob: "containerStart" },
    { phase: "service", what: "the desktop answered in its container", knob: "desktopStart" },
  ],
};

function soonerThanAssumed({ trial, predicted, failover }: Evidence): readonly Cause[] {
  return assumed[failover.timers.kind].flatMap(({ phase, what, knob }) => {
    const [measured, foretold] = [trial.durations_ms[phase], predicted.phases_ms[phase] ?? null];
    if (measured === null || foretold === null) return [];
    return causeOf(
      foretold[0] - measured[1],
      (ms) => `${what} ${secondsOf(ms)} sooner than assumed (--set ${knob}=)`,
    );
  });
}

function soonerThanDeployed(evidence: Evidence): readonly Cause[] {
  const { start, service } = evidence.trial.durations_ms;
  const deployed = deploymentOf(evidence);
  if (start === null || service === null || deployed === null) return [];
  return causeOf(
    deployed[0] - start[1] - service[1],
    (ms) =>
      `the desktop started ${secondsOf(ms)} sooner than at its deployment, which may have had to pull the image`,
  );
}
