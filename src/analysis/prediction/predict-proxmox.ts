import { present } from "../../base/assert.ts";
import { after, between, inMs, minutes, seconds, times } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import { EventQueue } from "../../twin/event-queue.ts";
import { createProxmoxTwin } from "../../twin/proxmox/create-proxmox-twin.ts";
import type { ProxmoxTwin, TwinEvent } from "../../twin/proxmox/proxmox-twin.ts";
import type { Played, Prediction } from "./prediction.ts";
import { spreadOf } from "./prediction.ts";
import { watchTwin } from "./twin-watch.ts";

/** What is known of a failover before it. */
export interface ProxmoxQuestion {
  readonly settings: ProxmoxSettings;
  /** Whether the victim is the CRM master, which costs another lock (facts/proxmox-ve.md 1.4). */
  readonly master: boolean;
}

const VMID = 100;
const SETTLED = minutes(3);
/** CRM and LRM rounds; a kill falls anywhere into them. */
const LONGEST_CYCLE = seconds(10);
const LIMIT = minutes(15);

/** Plays failovers at any phase of the cluster's loops, of a desktop seen through its own guest. */
export function predictProxmox(
  question: ProxmoxQuestion,
  random: Random,
  failovers = 200,
): Prediction {
  return spreadOf(
    Array.from({ length: failovers }, (_, index) =>
      failover(question, random.fork(`failover ${index}`)),
    ),
  );
}

function failover({ settings, master }: ProxmoxQuestion, random: Random): Played {
  const queue = new EventQueue();
  const twin = createProxmoxTwin({
    clusterName: "predicted",
    settings,
    scheduler: queue,
    random: random.fork("twin"),
    wallOrigin: random.fork("origin").next(),
  });
  const leader = twin.managerStatus().master;
  const victim = present(
    twin.nodes.find(({ name }) => (name === leader) === master),
    "a victim",
  ).name;
  deploy(twin, victim);
  queue.advanceTo(after(queue.now(), SETTLED));
  queue.advanceTo(after(queue.now(), times(LONGEST_CYCLE, random.fork("moment").next())));
  const when = watchTwin<TwinEvent>(queue, twin, LIMIT);
  const killed = queue.now();
  twin.powerOff(victim);
  const since = (instant: TwinEvent["at"]): number => inMs(between(killed, instant));
  return {
    detection_ms: since(
      when(
        (event) => event.kind === "model" && event.what === "node-unknown" && event.node === victim,
      ),
    ),
    recovery_ms: since(
      when(
        (event) => event.kind === "guest" && event.state.phase === "up" && event.node !== victim,
      ),
    ),
  };
}

function deploy(twin: ProxmoxTwin, node: string): void {
  twin.write(
    node,
    () => {
      twin.createVm(node, { vmid: VMID, config: { name: "desktop" }, template: false });
      twin.addHaResource({
        sid: `vm:${VMID}`,
        state: "started",
        failback: 0,
        maxRestart: null,
        maxRelocate: null,
        comment: null,
      });
    },
    (outcome) => {
      if (outcome.kind === "refused") throw outcome.error;
    },
  );
}
