import { defaultProxmoxSettings } from "../../../model/proxmox-settings.ts";
import { secondsOf } from "../in-words.ts";
import { CRM_ROUND_MS } from "../rounds.ts";
import type { Telling } from "./in-words.ts";
import { modes } from "./play-proxmox.ts";

const ROUND = secondsOf(CRM_ROUND_MS);

const whys: Readonly<Record<string, string>> = {
  [modes.inTime]:
    "a CRM round was caught in corosync's freeze, so that rounds count from the new membership; the victim's agent lock (121 s from its last renewal) had expired when the usual one came, the round after it took the lock, and the target's LRM started the desktop in its next round. The wait is the agent lock",
  [modes.late]: `the same, one CRM round (${ROUND}) later: the agent lock had been renewed so shortly before the kill that it had not expired when the usual round came: less than 10.8 s less the membership change of 2.2 tokens, which is about 3 s with a token of 3000 + 650 ms. The wait is that round`,
  [modes.free]:
    "no CRM round was caught in the freeze, so that the rounds that unlock and take the agent lock come at any time up to 10 s after its expiry. The wait is the agent lock",
  [modes.newMaster]:
    "the victim was the CRM master: its manager lock (121 s) had to expire, and the new master counted the fence delay of 60 s from its own start. The wait is both",
};

export const proxmoxTelling: Telling = {
  modeWhy: (mode) => whys[mode] ?? mode,
  constant: "from the start's task to answering,",
  changes:
    "the moment of the kill within the victim's renewals (just after one, the lock expires too late for the usual round: + 10 s), whether a CRM round is caught in the freeze, an active target's LRM (rounds 10 s apart) instead of an idle one (5 s), the victim being the CRM master (+ 45 s), the guest's boot; corosync's token moves the modes and not their mean. The fence delay, the lock's life and the rounds are constants of PVE's source",
  toLog:
    "the age of the victim's agent lock, the phase of the CRM master's round and whether the victim was it, the state of the target's LRM, corosync's token and number of nodes, when QEMU was started, and whether the picture was the console's or the guest's",
  assumed: [
    `${defaultProxmoxSettings.nodes} nodes`,
    "from the start's task to answering took the same in all trials: 0.25 to 1 s on PVE's console, 2 to 40 s through the guest, each value as likely as the others",
  ],
};
