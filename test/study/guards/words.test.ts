import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import type { LoginFacts } from "../../../src/model/cluster-facts.ts";
import type { Refusal } from "../../../src/model/journal.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { refusalsFor } from "../../../src/study/guard.ts";
import type { GuardFacts } from "../../../src/study/guards/gather-facts.ts";
import { health, node } from "../../support/fake-study.ts";
import { guardFacts } from "../../support/guard-facts.ts";

const refusals = (changes: Partial<GuardFacts>): readonly Refusal[] =>
  refusalsFor("pve2", guardFacts(changes));

describe("refusals", () => {
  it("name other workloads but those that the inventory consents to", () => {
    const nodes = [node("pve1"), node("pve2", { workloads: ["mail (100)", "web (101)"] })];
    const consenting = (other_workloads: readonly string[]) =>
      refusals({ health: health({ nodes }), safety: { ...defaultSafety, other_workloads } });
    expect(consenting(["mail"])[0]?.saw).toBe("pve2 also runs web (101)");
    expect(consenting(["mail", "w*"])).toEqual([]);
  });

  it("count the QDevice's votes among those that are left", () => {
    const votes = {
      quorate: true,
      expected_votes: 3,
      present_votes: 3,
      needed_votes: 2,
      device_votes: 1,
    };
    const nodes = [node("pve1"), node("pve2")];
    expect(refusals({ health: health({ nodes, quorum: votes }) })).toEqual([]);
    const without = { ...votes, present_votes: 2, device_votes: 0 };
    const alone = refusals({ health: health({ nodes, quorum: without }) });
    expect(alone).toMatchObject([
      { guard: "quorum", saw: expect.stringMatching(/1 of 3 votes would be left/u) },
    ]);
  });

  it("say when the next window opens", () => {
    const night = { days: ["sat"], from: "22:00", to: "04:00", zone: "Europe/Zurich" } as const;
    const now = DateTime.fromISO("2026-11-25T12:00:00Z");
    expect(refusals({ safety: { ...defaultSafety, windows: [night] }, now })).toMatchObject([
      { needs: "the next one, which opens on Sat 2026-11-28 22:00 (Europe/Zurich)" },
    ]);
  });

  it("say what was planned or spent, and what the limit is", () => {
    const safety = { ...defaultSafety, max_kills: 3, max_time_ms: 3_600_000 };
    expect(refusals({ safety, spending: { kind: "planned", kills: 3 } })).toEqual([]);
    expect(refusals({ safety, spending: { kind: "planned", kills: 4 } })).toMatchObject([
      { guard: "budget", saw: "4 kills are planned" },
    ]);
    const spent = (kills: number, elapsed_ms: number) =>
      refusals({ safety, spending: { kind: "spent", kills, elapsed_ms } });
    expect(spent(2, 3_600_000)).toEqual([]);
    expect(spent(3, 0)).toMatchObject([{ saw: "this run has killed 3 times" }]);
    expect(spent(0, 3_600_001)).toMatchObject([{ saw: "this run has lasted 60 min" }]);
  });

  it("tell where the inventory's SSH leads to another machine than the cluster's node", () => {
    const machine = { boot_id: "b2", machine_id: "m2", addresses: [] };
    const nodes = [node("pve1"), node("pve2", { machine })];
    const asked = (login: Partial<LoginFacts>, kind: GuardFacts["kind"] = "kubernetes") =>
      refusals({
        kind,
        health: health({ nodes }),
        login: { boot_id: "B2", machine_id: "m2", hostname: "other", ...login },
      }).map(({ guard, saw }) => `${guard}: ${saw}`);
    expect(asked({})).toEqual([]);
    expect(asked({ boot_id: null, machine_id: null })).toEqual([]);
    expect(asked({ boot_id: "b3" })).toEqual([
      "ssh-mapping: the inventory's ssh of pve2 leads to another machine: its boot_id is b3, the cluster says b2",
    ]);
    // Clones of one kernel, as containers are, differ by machine-id alone.
    expect(asked({ machine_id: "m3" })).toHaveLength(1);
    expect(asked({ hostname: "PVE2.example.org" }, "proxmox")).toEqual([]);
    expect(asked({ hostname: null }, "proxmox")).toEqual([]);
    expect(asked({ hostname: "pve20" }, "proxmox")).toHaveLength(1);
  });

  it("take an API host of which the inventory tells no node for the victim's by its address", () => {
    const machine = { boot_id: null, machine_id: null, addresses: ["192.0.2.12", "2001:db8::2"] };
    const at = (...places: readonly (readonly string[])[]) =>
      refusals({
        machine,
        apiPlaces: places.map((addresses) => ({ node: null, addresses })),
      }).map(({ saw }) => saw);
    expect(at(["192.0.2.12"])).toEqual(["every API host is on pve2"]);
    expect(at(["192.0.2.12", "2001:DB8:0::2"], ["::ffff:192.0.2.12"])).toHaveLength(1);
    // One name for several nodes, and a host beside the victim's.
    expect(at(["192.0.2.12", "192.0.2.13"])).toEqual([]);
    expect(at(["192.0.2.12"], ["192.0.2.13"])).toEqual([]);
    // A name that nobody resolves is no way; where a tunnel ends is not known.
    expect(at(["192.0.2.12"], [])).toHaveLength(1);
    const tunnel = { ...machine, addresses: ["127.0.0.1"] };
    const through = { node: null, addresses: ["127.0.0.1"] };
    expect(refusals({ machine: tunnel, apiPlaces: [through] })).toEqual([]);
  });

  it("do not take what cannot be seen for not being there", () => {
    const missing = { saw: "it is dark", needs: "a light" };
    const nodes = [node("pve1"), node("pve2", { workloads: ["mail (100)"], budgets: ["web"] })];
    const blind = (workloads: typeof missing | null, budgets: typeof missing | null) =>
      refusals({ health: health({ hidden: { workloads, budgets } }) });
    expect(blind(missing, null)).toEqual([{ guard: "other-workloads", ...missing }]);
    expect(blind(null, missing)).toEqual([{ guard: "disruption-budgets", ...missing }]);
    const both = { workloads: missing, budgets: missing };
    const told = refusals({ health: health({ nodes, hidden: both }) });
    expect(told.map(({ saw }) => saw)).toEqual([
      "it is dark",
      "pve2 also runs mail (100)",
      "it is dark",
      "web",
    ]);
  });

  it("are those of one guard alone where the cluster does not know the victim", () => {
    const unknown = refusalsFor("pve9", guardFacts({ apiPlaces: [] }));
    expect(unknown.map(({ guard }) => guard)).toEqual(["known-node"]);
  });
});
