import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Scene } from "../support/crash/as-before.ts";
import { killAndRestore, sceneOf } from "../support/crash/as-before.ts";
import { patientTrial, startDeadlyLab } from "../support/crash/breaks.ts";

const onBoth = [
  "{ kind: power, action: off, over: redfish }",
  "{ kind: sysrq, key: c }",
  "{ kind: network-cut, cut: all, for: 90s }",
  "{ kind: freeze }",
];
const faults = {
  kubernetes: [...onBoth, "{ kind: service, service: kubelet, action: stop }", "cordon", "drain"],
  proxmox: [
    ...onBoth,
    "{ kind: service, service: corosync, action: stop }",
    "maintenance",
    "migrate",
  ],
};

/** Real time after the request was noted: most of them take some exchanges over SSH. */
const LATER_MS = [20, 60, 120, 200, 300, 500];

describe.each(["kubernetes", "proxmox"] as const)("a tool that is killed on %s", (kind) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await sceneOf(await startDeadlyLab(kind, "redfish"), patientTrial(kind));
  });
  afterAll(async () => {
    await scene.deadly.stop();
  });

  it.each(faults[kind])("while %s is under way: restore finds it all", async (fault) => {
    const experiment = scene.experiment.replace(/fault: .*/u, `fault: ${fault}`);
    const proven = { kind: "kill", at: "fault-confirmed", written: "half" } as const;
    const crash = await killAndRestore({ ...scene, experiment }, proven);
    expect(crash).toEqual({ killed: true, left: true });
    for (const later_ms of LATER_MS) {
      const later = { kind: "kill-later", at: "fault-requested", later_ms } as const;
      // A quick one may have come to its end by then.
      await killAndRestore({ ...scene, experiment }, later);
    }
  });
});
