import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { readNote, writeNote } from "../../../src/clusters/shared/lock-note.ts";
import type { DesktopHandle } from "../../../src/model/cluster-facts.ts";
import type { FaultSpec } from "../../../src/model/fault-spec.ts";
import type { LockNote } from "../../../src/model/lock.ts";
import type { Owed, Undo } from "../../../src/model/undo.ts";

const faults: Readonly<Record<FaultSpec["kind"], FaultSpec>> = {
  power: { kind: "power", action: "off", over: "redfish" },
  sysrq: { kind: "sysrq", key: "c", over: "ssh" },
  "forced-poweroff": { kind: "forced-poweroff", over: "ssh" },
  shutdown: { kind: "shutdown", action: "reboot", over: "api", policy: "migrate" },
  "network-cut": { kind: "network-cut", cut: "10.0.0.0/24", for_ms: 90_000, over: "ssh" },
  service: { kind: "service", service: "corosync", action: "kill", over: "ssh" },
  freeze: { kind: "freeze", over: "ssh" },
  cordon: { kind: "cordon", over: "api" },
  drain: { kind: "drain", over: "api" },
  evict: { kind: "evict", over: "api" },
  "out-of-service": { kind: "out-of-service", over: "api" },
  maintenance: { kind: "maintenance", over: "ssh" },
  migrate: { kind: "migrate", to: null, over: "api" },
  command: {
    kind: "command",
    program: "/usr/local/bin/pdu",
    arguments: ["--at=http://pdu/a%41b", "two\nlines"],
    leaves: "off",
    limit_ms: 5000,
  },
};

const existing: DesktopHandle = {
  kind: "proxmox",
  vmid: 100,
  name: "büro",
  mark: "r.t1",
  owned: false,
  before: {
    running: true,
    node: "pv1",
    ha: {
      state: "started",
      failback: 1,
      comment: "100 % ours:\n\u{1f5a5}\u2028\u007f",
      max_restart: null,
      max_relocate: 3,
    },
  },
};
const desktops: readonly DesktopHandle[] = [
  existing,
  { kind: "proxmox", vmid: 101, name: "b", mark: "r.t1", owned: true, before: null },
  {
    kind: "kubernetes",
    namespace: "blackout-t1",
    name: "desktop",
    mark: "r.t1",
    reach: "ingress",
    owns_namespace: true,
  },
];

const owed = (undo: Undo, id = 0): Owed => ({ trial: "t1", id, act: "power off pv1", undo });
const remove = (desktop: DesktopHandle): Owed =>
  owed({ kind: "remove-desktop", cluster: "prod", desktop });
const heal = (fault: FaultSpec): Owed =>
  owed({ kind: "heal-fault", cluster: "prod", fault, victim: "pv1" });

const note = (...list: readonly Owed[]): LockNote => ({
  format: 1,
  run: "2026-01-02-aaaa",
  owner: "ada@bench, process 4711",
  taken: "2026-01-02T03:04:05.678+01:00",
  renewed: "2026-01-02T03:04:05.678Z",
  expires: "2026-01-02T03:06:05.678Z",
  ttl_ms: 120_000,
  owed: list,
});

const WHERE = "pool blackout-lock of prod";
const refusal = (text: string): OperatingError => {
  try {
    readNote(text, WHERE);
  } catch (error) {
    if (error instanceof OperatingError) return error;
    throw error;
  }
  throw new Error(`was taken for a note: ${text}`);
};
const changed = (change: (copy: Record<string, unknown>) => void): string => {
  const copy: Record<string, unknown> = { ...note(heal(faults.power)) };
  change(copy);
  return JSON.stringify(copy);
};

describe("writeNote and readNote", () => {
  test.each(Object.values(faults))("keep the cure of $kind", (fault) => {
    expect(readNote(writeNote(note(heal(fault))), WHERE)).toEqual(note(heal(fault)));
  });

  test.each(desktops)("keep a desktop as it is: $kind, $name", (desktop) => {
    expect(readNote(writeNote(note(remove(desktop))), WHERE)).toEqual(note(remove(desktop)));
  });

  test("write one line of ASCII, without what user.cfg of PVE would change", () => {
    const text = writeNote(note(remove(existing), heal(faults.command)));
    expect(text).toMatch(/^\{[\x20-\x24\x26-\x7e]+\}$/);
  });

  test("keep whatever a comment holds", () => {
    assert(
      property(string({ unit: "binary", maxLength: 200 }), (comment) => {
        const { before } = existing;
        if (before?.ha == null) throw new Error("no settings");
        const desktop = { ...existing, before: { ...before, ha: { ...before.ha, comment } } };
        const text = writeNote(note(remove(desktop)));
        expect(text).toMatch(/^[\x20-\x24\x26-\x7e]+$/);
        expect(readNote(text, WHERE)).toEqual(note(remove(desktop)));
      }),
      { seed: 4711, numRuns: 100 },
    );
  });
});

describe("writeNote", () => {
  test("refuses what the cluster might not take whole", () => {
    const many = Array.from({ length: 200 }, () => heal(faults.power));
    expect(() => writeNote(note(...many))).toThrow(/too long: \d{5} bytes, at most 16384/);
  });

  test("does not write what could not be read again", () => {
    expect(() => writeNote({ ...note(), owner: "ada\u001b[2J" })).toThrow(/read again/);
  });
});

describe("readNote", () => {
  test("leaves out what a later version adds", () => {
    const text = changed((copy) => (copy["colour"] = "red"));
    expect(readNote(text, WHERE)).toEqual(note(heal(faults.power)));
  });

  test.each([
    ["nothing", ""],
    ["a comment of somebody's", "Machines of the lab"],
    ["other JSON", "[]"],
    ["half a note", writeNote(note(heal(faults.power))).slice(0, -30)],
    ["a later format", changed((copy) => (copy["format"] = 2))],
    ["no run", changed((copy) => (copy["run"] = ""))],
    ["no time", changed((copy) => (copy["expires"] = "tomorrow"))],
    ["no time to live", changed((copy) => (copy["ttl_ms"] = 0))],
    ["what steers a terminal", changed((copy) => (copy["owner"] = "\u001b[2J"))],
    ["an unknown act", changed((copy) => (copy["owed"] = [owed({ ...undoOf("burn") })]))],
    ["deep nesting", "[".repeat(60_000)],
    ["too much", " ".repeat(70_000)],
  ])("refuses %s", (_, text) => {
    const error = refusal(text);
    expect(error.code).toBe("unsafe");
    expect(error.message).toContain(`Cannot trust ${WHERE} as it bears no note`);
    expect(error.message.length).toBeLessThan(500);
  });
});

/** As a later version, or somebody else, might write it. */
function undoOf(kind: string): Undo {
  return JSON.parse(JSON.stringify({ ...heal(faults.power).undo, kind }));
}
