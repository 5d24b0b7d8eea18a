import type { SpanMs } from "../base/interval.ts";
import type {
  ClusterHealth,
  ClusterIdentity,
  ClusterTimers,
  ControlPlaneEvent,
  DesktopHandle,
  Whereabouts,
} from "./cluster-facts.ts";
import type { ClocksRead, ClockStamp } from "./clock-offset.ts";
import type { Layer } from "./experiment.ts";
import type { FaultSpec } from "./fault-spec.ts";
import type { SessionFact } from "./held-session.ts";
import type { HookName } from "./hooks.ts";
import type { LockNote } from "./lock.ts";
import type { PredictionFact } from "./prediction.ts";
import type { PictureFact } from "./trial-result.ts";
import type { Undo } from "./undo.ts";

/** The journal holds facts, and nothing that could be computed from them. One JSON object a line. */
export interface JournalRecord {
  /** 1, 2, 3, ... without a hole. */
  readonly seq: number;
  /** Milliseconds on the run's monotonic clock. */
  readonly at_ms: number;
  /** ISO 8601, a label only. */
  readonly wall: string;
  readonly event: JournalEvent;
}

export type JournalEvent = RunEvent | TrialEvent;

export type RunEvent =
  | {
      readonly kind: "run-started";
      readonly format: 1;
      readonly run: string;
      /** As the lock names it: `ada@bench, process 4711 (...)`; not there: of a version that had no locks. */
      readonly owner?: string;
      readonly tool: string;
      readonly seed: number;
      readonly clock: {
        readonly speed: number;
        readonly deadline_floor_ms: number;
        readonly period_floor_ms: number;
      };
    }
  | {
      readonly kind: "cluster-identified";
      readonly cluster: string;
      readonly identity: ClusterIdentity;
    }
  /** On disk before the lock is asked for. */
  | { readonly kind: "lock-wanted"; readonly cluster: string; readonly lock: string }
  /** Somebody else has it. */
  | { readonly kind: "lock-refused"; readonly cluster: string; readonly holder: LockNote }
  | { readonly kind: "lock-released"; readonly cluster: string }
  /** On disk before a command of the user's own is run; `around` is the trial, null for the whole run. */
  | { readonly kind: "hook-started"; readonly hook: HookName; readonly around: string | null }
  | {
      readonly kind: "hook-ended";
      readonly hook: HookName;
      readonly around: string | null;
      readonly ok: boolean;
      /** Why not. */
      readonly detail: string;
      /** The end of its output. */
      readonly said: string;
    }
  /** A fresh process takes back what is left; `undo-done` and `undo-failed` of the trials follow. */
  | { readonly kind: "restore-started"; readonly tool: string }
  | { readonly kind: "restore-ended"; readonly left: number }
  /** A fresh process goes on with the trials that are missing. */
  | {
      readonly kind: "run-resumed";
      /** As in `run-started`; not there: of a version that did not say. */
      readonly owner?: string;
      readonly tool: string;
    }
  | { readonly kind: "run-ended"; readonly end: RunEnd; readonly detail: string };

export type RunEnd =
  | "completed"
  | "interrupted"
  /** A trial did not heal, or another node died: exit 5. */
  | "not-restored"
  | "refused"
  | "failed";

export type TrialEvent = { readonly trial: string } & TrialFact;

export type TrialFact =
  | SessionFact
  | {
      readonly kind: "trial-started";
      readonly arm: string;
      readonly repetition: number;
      readonly cluster: string;
      readonly seed: number;
    }
  | { readonly kind: "cluster-ready"; readonly health: ClusterHealth }
  | { readonly kind: "cluster-not-ready"; readonly problems: readonly string[] }
  /** On disk before the act; `undo` says in plain data how it is taken back. */
  | { readonly kind: "intent"; readonly id: number; readonly act: string; readonly undo: Undo }
  | { readonly kind: "act-done"; readonly id: number }
  | { readonly kind: "act-failed"; readonly id: number; readonly error: string }
  | {
      readonly kind: "desktop-deployed";
      readonly desktop: DesktopHandle;
      readonly whereabouts: Whereabouts;
    }
  | {
      readonly kind: "observing";
      /** How the desktop is reached: `novnc http://127.0.0.1:6080/vnc.html`. */
      readonly endpoint: string;
      /** Off the victim, on the same grid, when the watch began: `tcp 10.0.0.2:8006`; null when there was nobody to try. */
      readonly control: string | null;
      /** What this clock makes of the asked-for grid and deadlines; `phase_ms` is random per trial. */
      readonly grid: { readonly period_ms: number; readonly phase_ms: number };
      readonly timeouts: { readonly connect_ms: number; readonly attempt_ms: number };
      /** How late a lab may show what its twin did; zero on real clusters. Part of every interval. */
      readonly lateness_ms: number;
      readonly depth: Layer;
      readonly consecutive: number;
    }
  | { readonly kind: "steady"; readonly samples: number; readonly instance: string | null }
  | { readonly kind: "no-steady-state"; readonly detail: string }
  | { readonly kind: "victim-found"; readonly node: string; readonly whereabouts: Whereabouts }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] }
  /** Refusals of guards that the user overrides by name: the trial goes on. */
  | { readonly kind: "overridden"; readonly refusals: readonly Refusal[] }
  | { readonly kind: "timers"; readonly timers: ClusterTimers }
  /** How far clocks of others are ahead of ours, before the kill and after the cure. */
  | ({ readonly kind: "clock-offsets"; readonly when: "before" | "after" } & ClocksRead)
  /** From these timers, the renewals that were seen since, and when the kill came, whatever came after it. */
  | ({ readonly kind: "prediction" } & PredictionFact)
  /** Why there is none; runs of before this was noted have neither. */
  | { readonly kind: "not-predicted"; readonly detail: string }
  | { readonly kind: "fault-requested"; readonly fault: FaultSpec; readonly victim: string }
  | {
      readonly kind: "fault-confirmed";
      /** From the last proof of life to the first proof of death. */
      readonly gone_ms: SpanMs;
      readonly evidence: string;
      /** What the victim's own clock showed before it was struck; not there: it was not asked. */
      readonly stamp?: ClockStamp;
    }
  | { readonly kind: "fault-not-confirmed"; readonly detail: string }
  | { readonly kind: "control-plane"; readonly event: ControlPlaneEvent }
  | { readonly kind: "answering-again"; readonly whereabouts: Whereabouts }
  /** It never stopped answering. */
  | { readonly kind: "never-lost" }
  /** Still down at its limit. */
  | { readonly kind: "still-down"; readonly limit_ms: number }
  | PictureEvent
  /** Somebody watched the desktop through the live page: one more session on it. */
  | { readonly kind: "viewed"; readonly during_ms: SpanMs }
  | { readonly kind: "undo-done"; readonly id: number }
  | { readonly kind: "undo-failed"; readonly id: number; readonly error: string }
  | { readonly kind: "healed" }
  | { readonly kind: "not-healed"; readonly problems: readonly string[] }
  | { readonly kind: "samples-lost"; readonly detail: string }
  | {
      readonly kind: "trial-ended";
      readonly end: "completed" | "void" | "refused" | "interrupted";
      readonly detail: string;
    };

/** Of the desktop's screen, before the kill and once it answers again. */
export type PictureEvent =
  | ({ readonly kind: "picture"; readonly when: "before" | "after" } & PictureFact)
  /** Why there is none. */
  | { readonly kind: "no-picture"; readonly when: "before" | "after"; readonly detail: string };

export interface Refusal {
  readonly guard: string;
  /** What it saw. */
  readonly saw: string;
  /** What would satisfy it. */
  readonly needs: string;
}
