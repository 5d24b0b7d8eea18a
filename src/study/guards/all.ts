import type { OverridableGuard } from "../../model/guard.ts";
import { apiElsewhere } from "./api-elsewhere.ts";
import { budget } from "./budget.ts";
import { disruptionBudgets } from "./disruption-budgets.ts";
import type { Guard } from "./guard.ts";
import { maintenance } from "./maintenance.ts";
import { maintenanceWindow } from "./maintenance-window.ts";
import { maxNodesDown } from "./max-nodes-down.ts";
import { otherWorkloads } from "./other-workloads.ts";
import { ownMachine } from "./own-machine.ts";
import { protectedNode } from "./protected-node.ts";
import { quorum } from "./quorum.ts";
import { spareNode } from "./spare-node.ts";
import { sshMapping } from "./ssh-mapping.ts";
import { storageHealth } from "./storage-health.ts";

/** Every guard of a node that the cluster knows, by the name by which its refusals go; the compiler misses none. */
export const guards: Readonly<Record<OverridableGuard | "own-machine" | "ssh-mapping", Guard>> = {
  "own-machine": ownMachine,
  "ssh-mapping": sshMapping,
  "protected-node": protectedNode,
  "max-nodes-down": maxNodesDown,
  quorum,
  "spare-node": spareNode,
  maintenance,
  "other-workloads": otherWorkloads,
  "disruption-budgets": disruptionBudgets,
  "storage-health": storageHealth,
  "api-elsewhere": apiElsewhere,
  "maintenance-window": maintenanceWindow,
  budget,
};
