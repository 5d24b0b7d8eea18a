import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { LabCommand } from "../../src/lab/lab-cluster.ts";
import type { JournalEvent } from "../../src/model/journal.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { labSpec, only, startTestLab } from "../support/lab-child.ts";
import type { Lab, StudyOnLab } from "../support/lab-study.ts";
import { studyOnLab } from "../support/lab-study.ts";
import { labSeconds, nowMs } from "../support/lab-time.ts";
import { desktopPods, nodesNotUp, oneTrial } from "../support/one-trial.ts";

/** Nothing of this may hang; real time. */
const LIMIT_MS = 30_000;

/** Each trial finds the cluster as the one before left it, so that what one leaves broken shows in the next. */
describe("a part of the lab that breaks in the middle of a trial", { timeout: LIMIT_MS }, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startTestLab(await labSpec());
  });
  afterAll(async () => {
    await lab.stop();
  });

  it("is the API host in use, on Kubernetes: the trial recovers, and the gap is told", async () => {
    const study = await studyOnLab(lab, oneTrial.kubernetes(), async (event) => {
      if (event.kind !== "fault-confirmed") return;
      await brokenFor(lab, 20, { cluster: "lab-k8s", part: "api", node: "cp1" });
    });
    expectRecovered(study);
    expect(gaps(study)).not.toEqual([]);
  });

  it("is the API host in use, on Proxmox VE: the trial recovers, and the gap is told", async () => {
    const study = await studyOnLab(lab, oneTrial.proxmox(), async (event) => {
      if (event.kind !== "fault-requested") return;
      const survivor = event.victim === "pve1" ? "pve2" : "pve1";
      await brokenFor(lab, 40, { cluster: "lab-pve", part: "api", node: survivor });
    });
    expectRecovered(study);
    expect(gaps(study)).not.toEqual([]);
  });

  it("is every API host, until after the desktop is back: the trial recovers and knows where", async () => {
    const study = await studyOnLab(lab, oneTrial.kubernetes(), async (event) => {
      if (event.kind !== "fault-confirmed") return;
      const hosts = ["cp1", "cp2"];
      await Promise.all(
        hosts.map((node) => brokenFor(lab, 60, { cluster: "lab-k8s", part: "api", node })),
      );
    });
    expectRecovered(study);
    expect(gaps(study)).not.toEqual([]);
  });

  it.each(["vnc", "ingress"] as const)(
    "is the %s: recovery is when it is mended, not when the pod runs",
    async (part) => {
      const mended = { before: 0, after: 0 };
      const study = await studyOnLab(lab, oneTrial.kubernetes(), async (event) => {
        if (event.kind !== "fault-confirmed") return;
        await switchPart(lab, false, { cluster: "lab-k8s", part });
        await labSeconds(lab, 90);
        mended.before = nowMs(lab);
        await switchPart(lab, true, { cluster: "lab-k8s", part });
        mended.after = nowMs(lab);
      });
      const [low, high] = present(expectRecovered(study).instants.back, "when it was back");
      expect(high).toBeGreaterThanOrEqual(mended.before);
      expect(low).toBeLessThanOrEqual(mended.after + 15_000);
    },
  );

  it("is the VNC server and stays broken: the trial is censored, and never a number", async () => {
    const experiment = oneTrial.kubernetes("limits: { recovery: 80s }");
    const study = await studyOnLab(lab, experiment, async (event) => {
      if (event.kind !== "fault-confirmed") return;
      await switchPart(lab, false, { cluster: "lab-k8s", part: "vnc" });
    });
    await switchPart(lab, true, { cluster: "lab-k8s", part: "vnc" });
    const trial = onlyTrial(study);
    expect(trial.outcome.kind).toBe("censored");
    expect(trial.durations_ms.recovery).toBeNull();
    expect(study.finished.code).toBe(1);
  });

  it("is the VNC server before steady state: void, nothing is killed, exit 3", async () => {
    const experiment = oneTrial.kubernetes("limits: { steady: 90s }");
    const study = await studyOnLab(lab, experiment, async (event) => {
      if (event.kind !== "cluster-ready") return;
      await switchPart(lab, false, { cluster: "lab-k8s", part: "vnc" });
    });
    await switchPart(lab, true, { cluster: "lab-k8s", part: "vnc" });
    expect(onlyTrial(study).outcome).toMatchObject({ kind: "void" });
    expect(kinds(study)).not.toContain("fault-requested");
    expect(study.finished.code).toBe(3);
  });

  it("is the victim's BMC before the kill: refused, nothing is killed, exit 4", async () => {
    const workers = ["worker1", "worker2"];
    const bmcs = async (working: boolean): Promise<void> => {
      for (const node of workers) {
        await switchPart(lab, working, { cluster: "lab-k8s", part: "bmc", node });
      }
    };
    const study = await studyOnLab(lab, oneTrial.kubernetes(), async (event) => {
      if (event.kind === "steady") await bmcs(false);
    });
    await bmcs(true);
    expect(onlyTrial(study).outcome).toMatchObject({ kind: "refused" });
    expect(kinds(study)).not.toContain("fault-requested");
    expect(study.finished.code).toBe(4);
  });

  it("is mended, and after all of that every node is on and no desktop is left", async () => {
    expect(await nodesNotUp(lab)).toEqual([]);
    expect(await desktopPods(lab)).toEqual([]);
  });
});

describe("the BMC of a victim that is off", { timeout: LIMIT_MS }, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startTestLab(await labSpec(only("kubernetes")));
  });
  afterAll(async () => {
    await lab.stop();
  });

  it("breaks for good: the run ends as not restored, exit 5, and says which node is off", async () => {
    const killed = { node: "" };
    const experiment = oneTrial.kubernetes("limits: { heal: 120s }");
    const study = await studyOnLab(lab, experiment, async (event) => {
      if (event.kind === "fault-requested") killed.node = event.victim;
      if (event.kind !== "fault-confirmed") return;
      await switchPart(lab, false, { cluster: "lab-k8s", part: "bmc", node: killed.node });
    });
    expect(study.finished.code).toBe(5);
    expect(kinds(study)).toContain("undo-failed");
    expect(study.records.at(-1)?.event).toMatchObject({ kind: "run-ended", end: "not-restored" });
    expect(await nodesNotUp(lab)).toEqual([killed.node]);
    expect(`${study.finished.out}${study.finished.err}`).toContain(killed.node);
  });
});

interface Part extends Pick<LabCommand, "part"> {
  readonly cluster: string;
  readonly node?: string;
}

async function switchPart(
  lab: Lab,
  working: boolean,
  { cluster, part, node }: Part,
): Promise<void> {
  await lab.control(cluster, { part, node: node ?? null, working });
}

async function brokenFor(lab: Lab, duration_s: number, part: Part): Promise<void> {
  await switchPart(lab, false, part);
  await labSeconds(lab, duration_s);
  await switchPart(lab, true, part);
}

const onlyTrial = (study: StudyOnLab): TrialResult =>
  present(study.trials[0], `a trial; the tool said: ${study.finished.err}`);

function expectRecovered(study: StudyOnLab): TrialResult {
  const trial = onlyTrial(study);
  expect(trial.outcome).toEqual({ kind: "recovered", instance: "new" });
  expect(trial.after?.node).not.toBe(trial.victim);
  expect(trial.after?.node).toBeTruthy();
  expect(study.finished.code).toBe(0);
  return trial;
}

const kinds = (study: StudyOnLab): readonly string[] =>
  study.records.map(({ event }) => event.kind);

const gaps = (study: StudyOnLab): readonly JournalEvent[] =>
  study.records
    .map(({ event }) => event)
    .filter((each) => each.kind === "control-plane" && each.event.kind === "observation-gap");
