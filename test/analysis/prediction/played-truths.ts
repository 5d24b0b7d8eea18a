import { present } from "../../../src/base/assert.ts";
import type { ClusterTimers } from "../../../src/model/cluster-facts.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { failover as kubernetesFailover } from "../../twin/kubernetes/failover.ts";
import { Scenario } from "../../twin/proxmox/scenario.ts";
import { VICTIM, WRITTEN_AFTER, kubernetesTimers, proxmoxTimers } from "./timers.ts";
import type { Arm, Truth } from "./truth.ts";
import { truth } from "./truth.ts";

interface ProxmoxArm {
  readonly master: boolean;
  readonly settings?: Partial<ProxmoxSettings>;
}

const proxmox = (name: string, options: ProxmoxArm): Arm => ({
  name,
  play: (seed) => proxmoxTruth(seed, options),
});

/** Failovers of a twin that was settled for a minute or more and killed at a random moment. */
export const playedArms: readonly Arm[] = [
  proxmox("Proxmox VE, three nodes", { master: false }),
  proxmox("Proxmox VE, three nodes, coefficient 125", {
    master: false,
    settings: { token_coefficient_ms: 125 },
  }),
  proxmox("Proxmox VE, three nodes, the CRM master is hit", { master: true }),
  { name: "Kubernetes, toleration 1 s", play: (seed) => kubernetesTruth(seed) },
];

function proxmoxTruth(seed: number, { master, settings: changes = {} }: ProxmoxArm): Truth {
  const settings = { ...defaultProxmoxSettings, ...changes };
  const scenario = new Scenario(seed, { settings: changes, master: master ? VICTIM : "pve3" });
  scenario.deploy(100, VICTIM);
  scenario.wait(60 + 30 * scenario.random.next());
  const timers = readProxmox(scenario, settings, master);
  const killedAt = scenario.now;
  scenario.twin.powerOff(VICTIM);
  scenario.wait(300);
  const back = present(
    scenario.events.find(
      (event) => event.kind === "guest" && event.state.phase === "up" && event.at / 1e9 > killedAt,
    ),
    `seed ${seed}: recovered`,
  );
  const recovery_ms = back.at / 1e6 - killedAt * 1000;
  return truth(seed, recovery_ms, { timing: { kind: "proxmox", settings }, timers });
}

function readProxmox(
  scenario: Scenario,
  settings: ProxmoxSettings,
  isMaster: boolean,
): ClusterTimers {
  const { master } = scenario.twin.managerStatus();
  return proxmoxTimers({
    seed: scenario.random.seed,
    settings,
    now: scenario.now,
    lockAge: scenario.now - lastRenewal(scenario),
    crmAge: scenario.now - lastRound(scenario, master ?? ""),
    master,
    nodes: scenario.twin.nodes.map(({ name }) => name),
    isMaster,
  });
}

const lastRound = (scenario: Scenario, master: string): number =>
  present(
    scenario.times("crm-round", 0, { node: master }).findLast((time) => time <= scenario.now),
    `a round of ${master}`,
  );

/** The latest whose status had been written; one that was renewed a moment ago does not show yet. */
const lastRenewal = (scenario: Scenario): number =>
  present(
    scenario
      .times("lock-renewed", 0, { detail: `ha_agent_${VICTIM}_lock` })
      .findLast((time) => time + WRITTEN_AFTER <= scenario.now),
    "a renewal",
  );

function kubernetesTruth(seed: number): Truth {
  const settings = defaultKubernetesSettings;
  const { r, kill, recovered } = kubernetesFailover(seed, settings, 1);
  const recovery_ms = present(recovered, `seed ${seed}: recovered`) * 1000;
  const timers = kubernetesTimers({ seed, settings, now: kill / 1e9, leaseAge: r });
  return truth(seed, recovery_ms, { timing: { kind: "kubernetes", settings }, timers });
}
