import { describe, expect, it } from "vitest";
import type { Edges } from "../../src/analysis/edges.ts";
import { noOutage } from "../../src/analysis/edges.ts";
import { outcomeOf } from "../../src/analysis/outcome.ts";
import type { TrialRecord } from "../../src/analysis/trial-facts.ts";
import { spanFromMs } from "../../src/base/interval.ts";
import type { TrialFact } from "../../src/model/journal.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { Outcome } from "../../src/model/trial-result.ts";

const journal = (...facts: readonly TrialFact[]): readonly TrialRecord[] =>
  facts.map((fact, index) => ({
    seq: index + 1,
    at_ms: index,
    wall: "",
    event: { trial: "t", ...fact },
  }));

const end = (
  how: Extract<TrialFact, { readonly kind: "trial-ended" }>["end"],
  detail = "",
): TrialFact => ({ kind: "trial-ended", end: how, detail });

const steady = (instance: string | null): TrialFact => ({ kind: "steady", samples: 4, instance });
const found = (instance: string | null): TrialFact => ({
  kind: "victim-found",
  node: "a",
  whereabouts: { node: "a", instance },
});
const again = (instance: string | null): TrialFact => ({
  kind: "answering-again",
  whereabouts: { node: "b", instance },
});

const answers = (...names: readonly (string | null)[]): readonly Sample[] =>
  names.map((instance, seq) => ({
    seq,
    trial: "t",
    target: "desktop",
    scheduled_ms: seq,
    started_ms: seq,
    ended_ms: seq,
    result: { kind: "good", instance },
  }));

const fault = spanFromMs([900, 1000]);
const there: Edges = {
  lost: spanFromMs([1000, 1100]),
  back: spanFromMs([5000, 5100]),
  agreedLostMs: null,
  lastDownMs: 5000,
  lastUpMs: 900,
  flaps: 0,
};
const gone: Edges = { ...there, back: null };
const never = noOutage;

const requested = (kind: "drain" | "forced-poweroff"): TrialFact => ({
  kind: "fault-requested",
  fault: kind === "drain" ? { kind, over: "api" } : { kind, over: "ssh" },
  victim: "a",
});

const observing = (lateness_ms: number): TrialFact => ({
  kind: "observing",
  endpoint: "",
  control: null,
  depth: "frame",
  consecutive: 4,
  timeouts: { connect_ms: 1000, attempt_ms: 2000 },
  grid: { period_ms: 250, phase_ms: 0 },
  lateness_ms,
});

const outlives = (kind: "drain" | "forced-poweroff"): readonly TrialFact[] => [
  requested(kind),
  { kind: "never-lost" },
  end("completed"),
];

const judged = (facts: readonly TrialFact[], edges: Edges, samples = answers()): Outcome =>
  outcomeOf(journal(...facts), samples, fault, edges);

const story = (before: string | null, after: string | null): readonly TrialFact[] => [
  steady(null),
  found(before),
  again(after),
  end("completed"),
];

const instance = (before: string | null, after: string | null): unknown =>
  judged(story(before, after), there, answers(null));

/** One that bore its host's name before the fault and after it, when the control plane names `after`. */
const sameName = (kind: "drain" | "forced-poweroff", after: string): Outcome => {
  const facts = [steady("user@vm"), found("pve1/qemu-7"), requested(kind), again(after)];
  return judged([...facts, end("completed")], there, answers("user@vm", "user@vm"));
};

describe("outcomeOf", () => {
  it("is recovered when the samples show it back, and tells a new instance by its name", () => {
    const facts = [steady("old"), found("one"), again("two"), end("completed")];
    expect(judged(facts, there, answers("old", "new"))).toEqual({
      kind: "recovered",
      instance: "new",
    });
    expect(judged(facts, there, answers("old", "old"))).toEqual({
      kind: "recovered",
      instance: "same",
    });
  });

  it("asks the control plane who answers where no name tells", () => {
    expect(instance("one", "two")).toMatchObject({ instance: "new" });
    expect(instance("one", "one")).toMatchObject({ instance: "same" });
    expect(instance("one", null)).toMatchObject({ instance: "unknown" });
    expect(instance(null, "one")).toMatchObject({ instance: "unknown" });
  });

  it("lets no name call that the same which died with its machine and runs as another", () => {
    expect(sameName("forced-poweroff", "pve2/qemu-9")).toMatchObject({ instance: "new" });
    expect(sameName("forced-poweroff", "pve1/qemu-7")).toMatchObject({ instance: "same" });
    // Moved alive: another QEMU, the same desktop.
    expect(sameName("drain", "pve2/qemu-9")).toMatchObject({ instance: "same" });
  });

  it("is censored at the last moment that it was seen down, counted from the latest fault", () => {
    const facts: readonly TrialFact[] = [{ kind: "still-down", limit_ms: 300 }, end("completed")];
    expect(judged(facts, gone)).toEqual({ kind: "censored", longer_than_ms: 4000 });
    // A lab may have shown it down for that much longer than it was.
    expect(judged([observing(1200), ...facts], gone)).toMatchObject({ longer_than_ms: 2800 });
  });

  it("is void when the desktop never stopped answering", () => {
    expect(judged([{ kind: "never-lost" }, end("completed")], never).kind).toBe("void");
    expect(judged([end("completed")], never).kind).toBe("void");
  });

  it("is void when the journal says more than the samples show", () => {
    expect(judged([again("two"), end("completed")], gone)).toEqual({
      kind: "void",
      why: "the samples do not show it back, and no limit was reached",
    });
  });

  it("is void without a confirmed fault, whatever the samples show", () => {
    const outcome = outcomeOf(journal(end("completed")), answers(), null, there);
    expect(outcome).toEqual({ kind: "void", why: "no fault was confirmed" });
  });

  it("takes the journal's word for a trial that ended early", () => {
    for (const kind of ["void", "refused", "interrupted"] as const) {
      expect(judged([end(kind, "so it was")], there)).toEqual({ kind, why: "so it was" });
    }
  });

  it("is interrupted when the journal breaks off", () => {
    expect(judged([steady("old")], there).kind).toBe("interrupted");
  });

  it("is without outage when the fault spares the machine, void when it killed it", () => {
    expect(judged(outlives("drain"), never)).toEqual({ kind: "no-outage", shorter_than_ms: null });
    expect(judged(outlives("forced-poweroff"), never)).toMatchObject({ kind: "void" });
    const aside = answers(null).map((sample): Sample => ({
      ...sample,
      result: { kind: "unobserved", why: "control-failed", detail: "" },
    }));
    expect(judged(outlives("drain"), never, aside)).toMatchObject({ kind: "void" });
  });

  it("says how long an outage may have been that no attempt shows, a lab's lateness included", () => {
    const good = answers(null, null).map((sample, index) => ({
      ...sample,
      started_ms: 1000 + index * 250,
      ended_ms: 2800,
    }));
    const drained = outlives("drain");
    expect(judged(drained, never, good)).toEqual({ kind: "no-outage", shorter_than_ms: 1800 });
    expect(judged([observing(20), ...drained], never, good)).toMatchObject({
      shorter_than_ms: 1820,
    });
  });
});
