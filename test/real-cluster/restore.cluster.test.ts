import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { Break } from "../support/crash/breaks.ts";
import { breaking } from "../support/crash/breaks.ts";
import { toldBy } from "../support/crash/cluster-state.ts";
import { runCli, startCli } from "../support/run-cli.ts";
import { CLUSTER_NAME } from "./layout.ts";
import { askPower } from "./power-client.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { untilAllReady } from "./start-real-cluster.ts";

/** Kubernetes takes its time to forget a node's absence. Real time. */
const TO_SETTLE_MS = 60_000;

const positions: readonly { readonly when: string; readonly what: Break }[] = [
  {
    when: "has a desktop, and does not know",
    what: { kind: "kill", at: "act-done", written: "none" },
  },
  {
    when: "is about to cut the power",
    what: { kind: "kill", at: "fault-requested", written: "all" },
  },
  {
    when: "has asked for the cut, and no proof yet",
    what: { kind: "kill-later", at: "fault-requested", later_ms: 100 },
  },
  {
    when: "waits for the desktop",
    what: { kind: "kill-later", at: "fault-confirmed", later_ms: 10_000 },
  },
  { when: "has healed, and does not know", what: { kind: "kill", at: "healed", written: "half" } },
];

const shared = sharedCluster();

describe.skipIf(shared.skip)(`a tool that is killed on a real cluster${shared.note}`, () => {
  const reports = mkdtempSync(join(tmpdir(), "blackout-real-restore-"));
  let before: object = {};
  beforeAll(async () => {
    if (!shared.skip) before = await state();
  });
  afterAll(async () => {
    rmSync(reports, { recursive: true });
    if (!shared.skip) await untilAllReady(shared.place());
  });

  it.each(positions)("when it $when: restore finds it all, once", async ({ what, when }) => {
    const known = new Set(readdirSync(reports));
    const { inventory } = shared.place();
    const how = ["--cluster", CLUSTER_NAME, "--trials", "1", "--yes-kill", CLUSTER_NAME];
    const args = ["run", "experiments/kubernetes-power-loss.yaml", "-i", inventory, "-o", reports];
    const { child, finished } = startCli([...args, ...how], breaking(what));
    const { err } = await finished;
    expect({ signal: child.signalCode, err }).toMatchObject({ signal: "SIGKILL" });
    expect(await state().catch(() => null)).not.toEqual(before);

    const run = present(
      readdirSync(reports).find((name) => !known.has(name)),
      "a run",
    );
    const began = performance.now();
    const restored = await runCli(["restore", join(reports, run)]);
    expect(restored).toMatchObject({ code: 0 });
    const took = ((performance.now() - began) / 1000).toFixed(1);
    process.stderr.write(`  killed when it ${when}: restored in ${took} s\n`);
    await expect.poll(state, { timeout: TO_SETTLE_MS, interval: 1000 }).toEqual(before);
    const again = await runCli(["restore", join(reports, run)]);
    expect(again.out).toMatch(/nothing is left to take back/u);
  });
});

/** By its API, and by the walls' sockets. */
async function state(): Promise<object> {
  const { power } = shared.place();
  const machines: string[] = [];
  for (const name of ["worker-1", "worker-2", "worker-3"])
    machines.push(await askPower(power, `${name} get state`));
  return { ...(await toldBy(shared.inventory())), machines };
}
