import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labSpec, only, startTestLab } from "../support/lab-child.ts";
import type { Lab } from "../support/lab-study.ts";
import { studyOnLab, truthOf } from "../support/lab-study.ts";
import { nodesNotUp, oneTrial, desktopPods } from "../support/one-trial.ts";

/** Signals closer together than 0.3 s are one wish; real time. */
const ANOTHER_WISH_MS = 400;

describe("Ctrl-C in the middle of an outage", { timeout: 30_000 }, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startTestLab(await labSpec(only("kubernetes")));
  });
  afterAll(async () => {
    await lab.stop();
  });

  it("ends the trial, switches the node on again, removes the desktop, exits 130", async () => {
    const study = await studyOnLab(lab, oneTrial.kubernetes(), (event, tool) => {
      if (event.kind === "fault-confirmed") tool.kill("SIGINT");
    });
    expect(study.finished.code).toBe(130);
    expect(study.trials[0]?.outcome).toMatchObject({ kind: "interrupted" });
    const kinds = study.records.map(({ event }) => event.kind);
    expect(kinds).toContain("healed");
    expect(kinds.filter((kind) => kind === "undo-done")).toHaveLength(2);
    expect(study.records.at(-1)?.event).toMatchObject({ kind: "run-ended", end: "interrupted" });
    const killed = (await truthOf(lab)).filter(
      (event) => event.kind === "host" && event["state"] !== "up",
    );
    expect(killed).not.toEqual([]);
    expect(await nodesNotUp(lab)).toEqual([]);
    expect(await desktopPods(lab)).toEqual([]);
  });

  it("and once more: leaves at once with exit 5 and says what is left to do", async () => {
    const study = await studyOnLab(lab, oneTrial.kubernetes(), async (event, tool) => {
      if (event.kind !== "fault-confirmed") return;
      tool.kill("SIGINT");
      await new Promise((resolve) => setTimeout(resolve, ANOTHER_WISH_MS));
      tool.kill("SIGINT");
    });
    expect(study.finished.code).toBe(5);
    expect(study.finished.err).toMatch(/Left at once on a second SIGINT.*\n.*switched on/u);
    const undone = study.records.filter(({ event }) => event.kind === "undo-done");
    expect(undone.length).toBeLessThan(2);
  });
});
