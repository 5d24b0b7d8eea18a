import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { ControlPlaneEvent } from "../../src/model/cluster-facts.ts";
import { labSpec, startTestLab } from "../support/lab-child.ts";
import type { Lab, StudyOnLab } from "../support/lab-study.ts";
import { studyOnLab } from "../support/lab-study.ts";
import { oneTrial } from "../support/one-trial.ts";

/** Real time. */
const LIMIT_MS = 60_000;

/** The tool cannot leave a server before the kill of which it does not know where it is. */
describe("an API server in use that dies with the victim, of which the inventory tells no node", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startTestLab(await labSpec());
    lab = { ...lab, inventoryPath: await withoutNodesOfApis(lab.inventoryPath) };
  });
  afterAll(async () => {
    await lab.stop();
  });

  it(
    "on Kubernetes: the trial recovers, every event is there, and the gap is marked",
    async () => {
      const study = await studyOnLab(lab, oneTrial.kubernetes(), async (event) => {
        if (event.kind !== "fault-requested") return;
        await lab.control("lab-k8s", { part: "api", node: "cp1", working: false });
      });
      await lab.control("lab-k8s", { part: "api", node: "cp1", working: true });
      expectAllTold(study, [
        "node-lost",
        "fencing-started",
        "fenced",
        "node-chosen",
        "instance-started",
        "endpoint-ready",
      ]);
    },
    LIMIT_MS,
  );

  it(
    "on Proxmox VE, by the power of its own node: likewise",
    async () => {
      const study = await studyOnLab(
        lab,
        oneTrial.proxmox("placement: { kind: node, node: pve1 }"),
      );
      expectAllTold(study, [
        "membership-lost",
        "node-lost",
        "fencing-started",
        "fenced",
        "node-chosen",
        "instance-started",
      ]);
    },
    LIMIT_MS,
  );
});

/** The lab's inventory, beside it, with API hosts that are bare addresses. */
async function withoutNodesOfApis(path: string): Promise<string> {
  const text = await readFile(path, "utf8");
  const bare = text.replaceAll(/(url: "?https:[^\n,}]*?),?\s+node: [^\n,}]+/gu, "$1");
  expect(bare).not.toBe(text);
  const beside = join(dirname(path), "bare-inventory.yaml");
  await writeFile(beside, bare, { mode: 0o600 });
  return beside;
}

function expectAllTold(study: StudyOnLab, kinds: readonly ControlPlaneEvent["kind"][]): void {
  const trial = present(study.trials[0], `a trial; the tool said: ${study.finished.err}`);
  expect(trial.outcome).toEqual({ kind: "recovered", instance: "new" });
  const told = study.records.flatMap(({ event }) =>
    event.kind === "control-plane" ? [event.event] : [],
  );
  const [gap] = told.filter(({ kind }) => kind === "observation-gap");
  const [earliest, latest] = present(gap, "the gap").observed_ms;
  expect(latest).toBeGreaterThan(earliest);
  for (const kind of kinds) expect(told.filter((event) => event.kind === kind)).toHaveLength(1);
  expect(study.finished.code).toBe(0);
}
