import { DateTime } from "luxon";
import type { GuardFacts } from "../../src/study/guards/gather-facts.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import { health, ownMachine } from "./fake-study.ts";

/** A healthy cluster of three, a run that has just begun, and nothing that any guard minds. */
export const guardFacts = (changes: Partial<GuardFacts> = {}): GuardFacts => ({
  kind: "proxmox",
  health: health(),
  safety: defaultSafety,
  apiPlaces: ["pve1", "pve2", "pve3"].map((node) => ({ node, addresses: [] })),
  machine: { boot_id: null, machine_id: null, addresses: [] },
  login: null,
  own: ownMachine,
  now: DateTime.fromISO("2026-11-25T12:00:00Z", { zone: "utc" }),
  spending: { kind: "spent", kills: 0, elapsed_ms: 0 },
  ...changes,
});
