import { defaultProxmoxSettings } from "../../../model/proxmox-settings.ts";
import { drawsOf } from "../../draws.ts";
import type { Hypothesis, PlayedFailover } from "./hypothesis.ts";
import { playedBy, steps } from "./hypothesis.ts";
import type { ProxmoxCase } from "./play-proxmox.ts";
import { playProxmox } from "./play-proxmox.ts";

/** QEMU's start, as the console shows it: seen 0.25 to 0.35 s without a disk, about 1 s allowed (facts/proxmox-ve.md 1.4, 7). */
const CONSOLE_MS = steps(250, 1000, 150);
/** The same and the boot of a guest until its noVNC answers: of any length that a desktop may take. */
const GUEST_MS = steps(2000, 40_000, 500);

/** `totem.token` and coefficient: of corosync, of clusters made by pve-cluster 9.1.0 and later, of corosync before 3.1. */
const tokens = [
  { token_ms: 3000, token_coefficient_ms: 650 },
  { token_ms: 3000, token_coefficient_ms: 125 },
  { token_ms: 1000, token_coefficient_ms: 650 },
] as const;

/** Every combination of what ten bare values leave open. */
export function proxmoxHypotheses(seed: number, unlike_ms: number): readonly Hypothesis[] {
  const { nodes } = defaultProxmoxSettings;
  return [false, true].flatMap((master) =>
    (["idle", "active"] as const).flatMap((target) =>
      tokens.flatMap((token) => {
        const way = { nodes, master, target, ...token };
        const draw = drawsOf(seed, nameOf(way));
        return withReach(
          way,
          playedBy(() => playProxmox(way, draw), draw, unlike_ms),
        );
      }),
    ),
  );
}

const withReach = (way: ProxmoxCase, played: readonly PlayedFailover[]): readonly Hypothesis[] => [
  { name: `seen on PVE's console, ${nameOf(way)}`, played, constants_ms: CONSOLE_MS },
  { name: `seen through the guest, ${nameOf(way)}`, played, constants_ms: GUEST_MS },
];

const nameOf = ({ master, target, token_ms, token_coefficient_ms }: ProxmoxCase): string =>
  `target's LRM ${target}, token ${token_ms} + ${token_coefficient_ms} ms, ${master ? "the CRM master killed" : "not the CRM master"}`;
