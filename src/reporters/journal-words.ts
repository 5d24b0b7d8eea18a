import type { RangeMs } from "../base/interval.ts";
import { plainText } from "../base/plain-text.ts";
import type {
  ClusterTimers,
  ControlPlaneEvent,
  ControlPlaneEventKind,
  DesktopHandle,
  Whereabouts,
} from "../model/cluster-facts.ts";
import type { Refusal, TrialFact } from "../model/journal.ts";
import type { SessionFact } from "../model/held-session.ts";
import { NONE, secondsRange } from "./format.ts";

/** When something was, in words: `+12.3 s`. */
export type Since = (ms: number) => string;

/** A trial's fact as a sentence for people; every detail of it stands in the journal. */
// oxlint-disable-next-line complexity, max-lines-per-function -- one line a kind
export function journalWords(fact: TrialFact, since: Since): string {
  switch (fact.kind) {
    case "trial-started":
      return `repetition ${fact.repetition} of ${plainText(fact.arm)} on ${plainText(fact.cluster)} begins`;
    case "cluster-ready":
      return `the cluster is ready: ${fact.health.nodes.filter(({ online }) => online).length} of ${fact.health.nodes.length} nodes online`;
    case "cluster-not-ready":
      return `the cluster is not ready: ${listed(fact.problems)}`;
    case "intent":
      return `about to: ${plainText(fact.act)} (undo: ${fact.undo.kind})`;
    case "act-done":
      return "done";
    case "act-failed":
      return `failed: ${plainText(fact.error)}`;
    case "desktop-deployed":
      return `the desktop runs: ${desktopWords(fact.desktop)} ${placeWords(fact.whereabouts)}`;
    case "observing":
      return `watching ${plainText(fact.endpoint)} every ${fact.grid.period_ms} ms, control target ${plainText(fact.control ?? "none")}`;
    case "steady":
      return `steady: ${fact.samples} good samples in a row${fact.instance === null ? "" : ` from ${plainText(fact.instance)}`}`;
    case "no-steady-state":
      return `no steady state: ${plainText(fact.detail)}`;
    case "victim-found":
      return `the victim is ${plainText(fact.node)}`;
    case "refused":
      return `refused: ${refusalWords(fact.refusals)}`;
    case "overridden":
      return `GUARD OVERRIDDEN: ${refusalWords(fact.refusals)}`;
    case "timers":
      return timerWords(fact.timers);
    case "clock-offsets":
      return `clocks read ${fact.when === "before" ? "before the kill" : "after the cure"}: ${fact.clocks.length} told, ${fact.silent.length} did not`;
    case "prediction":
      return `predicted: back ${secondsRange(fact.prediction.recovery_ms)} s after the fault`;
    case "not-predicted":
      return `not predicted: ${plainText(fact.detail)}`;
    case "fault-requested":
      return `THE FAULT is asked for: ${fact.fault.kind} on ${plainText(fact.victim)}`;
    case "fault-confirmed":
      return `gone ${spanWords(fact.gone_ms, since)}: ${plainText(fact.evidence)}`;
    case "fault-not-confirmed":
      return `not proven gone: ${plainText(fact.detail)}`;
    case "control-plane":
      return eventWords(fact.event, since);
    case "answering-again":
      return `ANSWERING AGAIN ${placeWords(fact.whereabouts)}`;
    case "never-lost":
      return "it never stopped answering";
    case "still-down":
      return `still down at its limit of ${fact.limit_ms / 1000} s`;
    case "picture":
      return `picture ${fact.when} the outage: ${plainText(fact.file)}`;
    case "no-picture":
      return `no picture ${fact.when} the outage: ${plainText(fact.detail)}`;
    case "viewed":
      return `somebody watched the desktop ${spanWords(fact.during_ms, since)}`;
    case "undo-done":
      return "taken back";
    case "undo-failed":
      return `NOT taken back: ${plainText(fact.error)}`;
    case "healed":
      return "the cluster is healed";
    case "not-healed":
      return `THE CLUSTER IS NOT HEALED: ${listed(fact.problems)}`;
    case "samples-lost":
      return `samples lost: ${plainText(fact.detail)}`;
    case "trial-ended":
      return `trial ended: ${fact.end}${fact.detail === "" ? "" : `, ${plainText(fact.detail)}`}`;
    case "session-held":
    case "session-not-held":
    case "session-frozen":
    case "session-thawed":
    case "session-ended":
      return sessionWords(fact, since);
  }
}

function sessionWords(fact: SessionFact, since: Since): string {
  switch (fact.kind) {
    case "session-held":
      return `a session is held open, with ${plainText(fact.instance)}`;
    case "session-not-held":
      return `no session held: ${plainText(fact.detail)}`;
    case "session-frozen":
      return `its picture stands still, ${spanWords(fact.since_ms, since)}`;
    case "session-thawed":
      return "its picture moves again";
    case "session-ended":
      return `the held session ended: ${fact.how}${fact.detail === "" ? "" : `, ${plainText(fact.detail)}`}`;
  }
}

const eventMeaning: Readonly<Record<ControlPlaneEventKind, string>> = {
  "membership-lost": "is offline",
  "node-lost": "IS LOST",
  "fencing-started": "is to be fenced",
  fenced: "IS FENCED",
  "node-chosen": "is the new node",
  "instance-started": "runs a new instance",
  "endpoint-ready": "has a ready endpoint",
  "lease-renewed": "renewed its lease",
  "node-returned": "is back",
  "observation-gap": "observation gap",
  "other-node-lost": "IS LOST, TOO",
};

function eventWords({ kind, observed_ms, node, source }: ControlPlaneEvent, since: Since): string {
  const who = node === null || kind === "observation-gap" ? "" : `${plainText(node)} `;
  const by = kind === "observation-gap" ? ` of ${plainText(source)}` : "";
  return `${who}${eventMeaning[kind]}${by}, seen ${spanWords(observed_ms, since)}`;
}

const spanWords = ([from, to]: RangeMs, since: Since): string => `${since(from)} .. ${since(to)}`;

const placeWords = ({ node, instance }: Whereabouts): string =>
  `on ${plainText(node ?? NONE)}${instance === null ? "" : ` (${plainText(instance)})`}`;

const desktopWords = (desktop: DesktopHandle): string =>
  desktop.kind === "proxmox"
    ? `VM ${desktop.vmid} (${plainText(desktop.name)})`
    : `${plainText(desktop.name)} in ${plainText(desktop.namespace)}`;

const refusalWords = (refusals: readonly Refusal[]): string =>
  refusals
    .map(({ guard, saw, needs }) => `${guard}: ${plainText(saw)}, needs ${plainText(needs)}`)
    .join("; ");

function timerWords(timers: ClusterTimers): string {
  const [what, age] =
    timers.kind === "proxmox" ? ["agent lock", timers.lock_age_ms] : ["Lease", timers.lease_age_ms];
  return age === null
    ? "timers read"
    : `timers read: the victim's ${what} is ${secondsRange(age)} s old`;
}

const listed = (texts: readonly string[]): string => texts.map(plainText).join("; ");
