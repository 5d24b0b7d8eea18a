import type { Instant } from "../../base/time.ts";
import { milliseconds, seconds } from "../../base/time.ts";
import type { BmcAccess, SshAccess } from "../../model/inventory.ts";
import type { FaultTools } from "../reach.ts";
import { withBmc } from "../reach.ts";
import { sawAnswer, sawLife, sawMiss, sawOff, sawRefusal, sawStruck } from "./evidence.ts";
import type { Watcher } from "./gather-proof.ts";
import { untilAborted } from "./gather-proof.ts";

/** Between two tries: fine enough for t_fault, easy on BMC and sshd. */
const PAUSE = milliseconds(100);
/**
 * Where tries of the port only tell whether the machine is still there. OpenSSH 9.8 and later shuts out whoever leaves
 * without logging in more than 15 times faster than once a second (PerSourcePenalties), and the looks have to get in.
 */
const PAUSE_BESIDE_LOOKS = seconds(1);
/** Before a BMC, or an sshd, that gave an error is asked again. */
const PAUSE_AFTER_ERROR = seconds(1);

/** Tries the victim's SSH port: each greeting is a sign of life of the machine. */
export const watchLife =
  (access: SshAccess): Watcher =>
  async (learn, { reach, clock, signal }) => {
    await untilAborted(signal, async () => {
      const tried = clock.now();
      const pulse = await reach.pulse(access, signal);
      const ended = clock.now();
      learn((before) => {
        if (pulse === "answers") return sawLife(before, tried);
        return pulse === "refused" ? sawRefusal(before, ended) : sawMiss(before, ended);
      });
      await clock.sleep(PAUSE, signal);
    });
  };

/** Tries it for faults that leave the machine alive at first: only its silence tells. */
export const watchSilence =
  (access: SshAccess): Watcher =>
  async (learn, { reach, clock, signal }) => {
    await untilAborted(signal, async () => {
      const pulse = await reach.pulse(access, signal);
      const ended = clock.now();
      learn((before) => (pulse === "answers" ? sawAnswer(before) : sawMiss(before, ended)));
      // A silent port is tried at once again: nobody is there to mind.
      await clock.sleep(pulse === "answers" ? PAUSE_BESIDE_LOOKS : PAUSE, signal);
    });
  };

export const watchPower =
  (access: BmcAccess): Watcher =>
  async (learn, { reach, clock, signal }) => {
    await untilAborted(signal, async () => {
      try {
        await withBmc(reach, access, signal, async (session) => {
          for (;;) {
            const power = await session.power();
            if (power === "off") learn((before) => sawOff(before, clock.now()));
            await clock.sleep(PAUSE, signal);
          }
        });
      } catch {
        // A BMC may lose its session, or its own power for a moment, with the node: ask again until the limit.
        await clock.sleep(PAUSE_AFTER_ERROR, signal);
      }
    });
  };

/** What one look at the victim shows of the fault's effect. */
export interface Look {
  /** Just before the question was sent: what it shows as before was so then. */
  readonly asked: Instant;
  readonly shows:
    | { readonly kind: "as-before" }
    /** Neither: half done, or not to be told. */
    | { readonly kind: "unclear" }
    /** `kubelet is inactive`. */
    | { readonly kind: "struck"; readonly what: string };
}

/** Looks for the fault's effect over and over. A look that fails says nothing. */
export const watchEffect =
  (look: (tools: FaultTools) => Promise<Look>): Watcher =>
  async (learn, tools) => {
    const { clock, signal } = tools;
    await untilAborted(signal, async () => {
      try {
        const { asked, shows } = await look(tools);
        const received = clock.now();
        if (shows.kind === "as-before") learn((before) => sawLife(before, asked));
        if (shows.kind === "struck") learn((before) => sawStruck(before, received, shows.what));
        await clock.sleep(PAUSE, signal);
      } catch {
        await clock.sleep(PAUSE_AFTER_ERROR, signal);
      }
    });
  };
