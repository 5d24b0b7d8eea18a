import pc from "picocolors";
import { describe, expect, it } from "vitest";
import type { Planned, PlannedArm } from "../../src/cli/plan-lines.ts";
import { planLines } from "../../src/cli/plan-lines.ts";
import type { Arm } from "../../src/model/experiment.ts";
import { noHooks } from "../../src/model/hooks.ts";
import { fakeExperiment } from "../support/fake-experiment.ts";
import { hostile } from "../support/fake-report.ts";
import { arm, health } from "../support/fake-study.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const colours = pc.createColors(false);

const plannedArm = (changes: Partial<PlannedArm> = {}): PlannedArm => ({
  arm,
  cure: "the BMC switches the node on",
  identity: { kind: "proxmox", name: "office", fingerprint: "AA:BB", version: "9.2.11" },
  health: health(),
  candidates: [
    { node: "pve2", refusals: [], overridden: [] },
    { node: "pve3", refusals: [{ guard: "quorum", saw: "2 votes", needs: "3" }], overridden: [] },
  ],
  predicted: "back 120 .. 140 s",
  advised: "for ±2 s about 12 trials are needed",
  ...changes,
});

const planned = (changes: Partial<Planned> = {}): Planned => ({
  experiment: { ...fakeExperiment(1, 1), title: "A study" },
  trials: 2,
  clock: new VirtualClock(),
  locks: new Map([["office", "Pool blackout-lock"]]),
  arms: [plannedArm()],
  ...changes,
});

const lines = (plan: Planned): string => planLines(plan, colours);
const withDesktop = (desktop: Arm["desktop"]): string =>
  lines(planned({ arms: [plannedArm({ arm: { ...arm, desktop } })] }));

describe("planLines", () => {
  it("tells every act in its order, each with its target and its undo", () => {
    const hook = { command: ["/ops/tell", "now"], limit_ms: 1, pass: [] };
    const hooks = {
      ...noHooks,
      before_run: { ...hook, required: true },
      after_run: { ...hook, required: false },
      before_trial: { ...hook, required: false },
    };
    const experiment = { ...fakeExperiment(1, 1), title: "A study", hooks };
    const arms = [plannedArm({ arm: { ...arm, pictures: true } })];
    expect(lines(planned({ experiment, arms }))).toBe(`A study
2 trials, interleaved, seed 1. Nothing has been touched.

Once for the whole run:
    1. hook before_run: /ops/tell now; when it fails, nothing is touched
    2. take the lock of office (Pool blackout-lock)
       undo: it is given back when nothing is owed to the cluster any more
    3. the trials
    4. hook after_run: /ops/tell now

arm: 2 trials on office
  cluster    proxmox 9.2.11, AA:BB
  desktop    clone of VM 9000 under HA, seen through PVE's console
  probe      every 250 ms down to frame; 4 good ones in a row count as answering
  pictures   of its screen, before the kill and once it answers again, in frames/
  limits     recovery 5 min, healing 10 min
  predicted  back 120 .. 140 s
  trials     for ±2 s about 12 trials are needed
  Each trial:
    1. hook before_trial: /ops/tell now
    2. clone VM 9000 onto a node that is not the CRM master, and start the clone under HA
       undo: its HA resource is removed, the clone is stopped and deleted
    3. chassis power off over IPMI, to the node that hosts it then (pve2), at a random moment of the cluster's cycle
       undo: the BMC switches the node on
  victim     pve2: may be killed
  victim     pve3: refused. quorum: 2 votes; needs 3`);
  });

  it("says of an existing VM that it is kept, and of a namespace when it is not", () => {
    const proxmox = { ...arm.desktop, source: { kind: "existing", vmid: 105 } } as Arm["desktop"];
    expect(withDesktop(proxmox)).toMatch(/put VM 105 under HA.*\n.*put back as they were/u);
    const kubernetes = {
      kind: "kubernetes",
      namespace: "probe",
      image: "i",
      port: 6080,
      toleration_s: 1,
      page: "/",
      websocket: "/",
      reach: { kind: "node-port" },
      vnc_password: null,
    } as const;
    expect(withDesktop(kubernetes)).toMatch(
      /create Deployment, Service in namespace probe.*\n.*the namespace if the trial has made it/u,
    );
  });

  it("shows a hostile cluster's words as plain ones, in the lines where they belong", () => {
    const text = lines(
      planned({
        arms: [
          plannedArm({
            cure: hostile,
            identity: { kind: "proxmox", name: hostile, fingerprint: hostile, version: hostile },
            health: health({ problems: [hostile] }),
            candidates: [
              { node: hostile, refusals: [], overridden: [] },
              {
                node: hostile,
                refusals: [{ guard: "quorum", saw: hostile, needs: hostile }],
                overridden: [],
              },
            ],
          }),
        ],
      }),
    );
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text.split("\n").length).toBe(planLines(planned(), colours).split("\n").length + 1);
  });
});
