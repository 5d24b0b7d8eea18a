import { KubernetesConnection } from "../clients/kubernetes/connection.ts";
import { createProxmoxApi } from "../clients/proxmox/proxmox-api.ts";
import type { Fault } from "../contracts/fault.ts";
import type {
  FaultSpec,
  KubernetesNodeFault,
  Maintenance,
  Migration,
  ShutdownFault as ShutdownSpec,
} from "../model/fault-spec.ts";
import type { KubernetesCluster, ProxmoxCluster } from "../model/inventory.ts";
import { CommandFault } from "./command/command-fault.ts";
import type { Programs } from "./command/programs.ts";
import { programsHere } from "./command/run-in-group.ts";
import type { FaultContext } from "./fault-context.ts";
import { kubernetesOf, proxmoxOf } from "./fault-context.ts";
import { nodeActs } from "./kubernetes/node-acts.ts";
import { nodeMethod } from "./kubernetes/node-method.ts";
import { MachineFault } from "./machine/machine-fault.ts";
import { NetworkCut } from "./network/network-cut.ts";
import { PlannedFault } from "./planned-fault.ts";
import { haMethod } from "./proxmox/ha-method.ts";
import { haView } from "./proxmox/ha-view.ts";
import { byApi, underPolicy } from "./proxmox/shutdown-by-api.ts";
import type { Reach } from "./reach.ts";
import { overTheNetwork } from "./reach.ts";
import { ServiceFault } from "./service/service-fault.ts";
import { ShutdownFault } from "./shutdown/shutdown-fault.ts";
import type { ShutdownWay } from "./shutdown/shutdown-way.ts";
import { byButton, bySystemctl } from "./shutdown/shutdown-way.ts";

/** The fault of an experiment, bound to one cluster. */
export function createFault(
  spec: FaultSpec,
  context: FaultContext,
  reach: Reach = overTheNetwork(context.clock, context.secrets),
  programs: Programs = programsHere(context.clock),
): Fault {
  switch (spec.kind) {
    case "power":
    case "sysrq":
    case "forced-poweroff":
      return new MachineFault(spec, context, reach);
    case "shutdown":
      return createShutdown(spec, context, reach);
    case "network-cut":
      return new NetworkCut(spec, context, reach);
    case "service":
    case "freeze":
      return new ServiceFault(spec, context, reach);
    case "command":
      return new CommandFault(spec, context, reach, programs);
    case "cordon":
    case "drain":
    case "evict":
    case "out-of-service":
      return byKubernetes(spec, context, kubernetesOf(context, spec.kind));
    case "maintenance":
    case "migrate":
      return byProxmox(spec, context, { cluster: proxmoxOf(context, spec.kind), reach });
  }
}

/** On Proxmox VE it matters what the cluster's policy makes of it, whoever asks. */
function createShutdown(spec: ShutdownSpec, context: FaultContext, reach: Reach): Fault {
  if (spec.over !== "api" && spec.policy === null) {
    return new ShutdownFault(spec, wayOf(spec), context, reach);
  }
  const { clock, secrets } = context;
  const api = createProxmoxApi({ cluster: proxmoxOf(context, "shutdown"), clock, secrets });
  const view = haView(api);
  const way = spec.over === "api" ? byApi(spec.action, view) : wayOf(spec);
  return new ShutdownFault(spec, underPolicy(way, spec.policy, view), context, reach, async () => {
    await api.close();
  });
}

const wayOf = ({ over, action }: ShutdownSpec): ShutdownWay =>
  over === "ipmi" || over === "redfish" ? byButton(over) : bySystemctl(action);

function byKubernetes(
  spec: KubernetesNodeFault,
  { clock, secrets }: FaultContext,
  cluster: KubernetesCluster,
): Fault {
  const connection = new KubernetesConnection(cluster.api, clock, secrets);
  return new PlannedFault(spec, nodeMethod(spec, nodeActs(connection), clock), {
    clock,
    close: async () => await connection.close(),
  });
}

function byProxmox(
  spec: Maintenance | Migration,
  { clock, secrets }: FaultContext,
  { cluster, reach }: { readonly cluster: ProxmoxCluster; readonly reach: Reach },
): Fault {
  const api = createProxmoxApi({ cluster, clock, secrets });
  const method = haMethod(spec, { view: haView(api), reach, nodes: cluster.nodes });
  return new PlannedFault(spec, method, { clock, close: async () => await api.close() });
}
