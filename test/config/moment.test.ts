import { describe, expect, it } from "vitest";
import { parseExperiment } from "../../src/config/experiment/parse-experiment.ts";

const files = { resolvePath: (path: string) => path, readFile: () => "" };

const parse = (when: string) =>
  parseExperiment(
    `arms:\n  one:\n    cluster: c\n    fault: power\n    desktop: { kind: kubernetes, image: i }\n${when}`,
    "e.yaml",
    files,
  ).experiment.arms[0]?.when;

const problem = (when: string): string => {
  try {
    parse(`    when: ${when}\n`);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe("when", () => {
  it("is at random by default", () => {
    expect(parse("")).toEqual({ kind: "random" });
    expect(parse("    when: random\n")).toEqual({ kind: "random" });
  });

  it("sweeps ages of the lock or of the lease", () => {
    expect(parse("    when: { lease_age: sweep 0s..10s }\n")).toEqual({
      kind: "sweep",
      of: "lease-age",
      from_ms: 0,
      to_ms: 10_000,
    });
    expect(parse("    when: { lock_age: sweep 1.5s .. 2500ms }\n")).toMatchObject({
      of: "lock-age",
      from_ms: 1500,
      to_ms: 2500,
    });
  });

  it.each([
    ["sometimes", 'e.yaml:6:11: arms.one.when: "sometimes" is not known; allowed: random'],
    [
      "{ lock_age: 3s }",
      "e.yaml:6:23: arms.one.when.lock_age: must be a range of ages: sweep 0s..10s",
    ],
    ["{ lock_age: sweep 0..10s }", "arms.one.when.lock_age: 0 has no unit; write 0ms, 0s"],
    ["{ lock_age: sweep 5s..5s }", "must grow, is 5s..5s"],
    ["{ lock_age: sweep 0s..20s }", "must be at most 10 s, is 20s"],
    [
      "{ lock: sweep 0s..10s }",
      'e.yaml:6:13: arms.one.when.lock: "lock" is not a known key; allowed: lock_age, lease_age; did you mean "lock_age"?',
    ],
    ["{}", "must have one of lock_age (Proxmox VE) and lease_age (Kubernetes)"],
    [
      "{ lock_age: sweep 0s..10s, lease_age: sweep 0s..10s }",
      "must have one of lock_age (Proxmox VE) and lease_age (Kubernetes)",
    ],
  ])("%s is refused", (when, message) => {
    expect(problem(when)).toContain(message);
  });
});
