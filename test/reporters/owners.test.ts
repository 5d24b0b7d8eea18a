import { expect, test } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { ArmReport } from "../../src/model/run-report.ts";
import { ownersOf, whatWouldShorten, whereTimeGoes } from "../../src/reporters/owners.ts";
import { fakeReport } from "../support/fake-report.ts";

const arm = (name: string): ArmReport =>
  present(
    fakeReport().arms.find((each) => each.name === name),
    name,
  );

test("ownersOf counts to the agent lock what passes while it runs, and puts the longest first", () => {
  const [first, ...rest] = ownersOf(arm("proxmox-guest"));
  expect(first).toMatchObject({ name: "agent lock", shorten: null });
  expect(first?.ms).toBeGreaterThan(100_000);
  expect(rest.map(({ name }) => name)).not.toContain("fence delay");
});

test("whereTimeGoes is one short line", () => {
  expect(whereTimeGoes(arm("proxmox-guest"))).toMatch(
    /^of 1\d\d\.\d s, 1\d\d\.\d s is the agent lock \(constant\), [\d.]+ s .*$/u,
  );
  expect(whereTimeGoes({ ...arm("proxmox-guest"), waits: [] })).toBeNull();
});

test("whatWouldShorten names the setting, and says where nothing does", () => {
  expect(whatWouldShorten(arm("proxmox-guest"))).toEqual([
    "QEMU and guest boot: a guest that boots faster",
    expect.stringMatching(/^agent lock, .*: nothing$/u),
  ]);
  expect(whatWouldShorten(arm("kubernetes"))[0]).toBe(
    "grace period (node-monitor-grace-period = 40 s): a shorter --node-monitor-grace-period",
  );
});
