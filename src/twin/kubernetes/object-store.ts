import type { Random } from "../../contracts/random.ts";
import type {
  Deployment,
  EndpointSlice,
  Ingress,
  KubeEvent,
  KubeNode,
  KubeObject,
  Lease,
  Namespace,
  Pod,
  ReplicaSet,
  Service,
} from "./objects.ts";
import type { PodDisruptionBudget } from "./disruption-budget.ts";
import type { AnyTable, StoreContext } from "./table.ts";
import { Table } from "./table.ts";
import { uuidFrom } from "./identifiers.ts";

/** The cluster's database: one table a resource, one revision over all. */
export class ObjectStore {
  #revision = 1000;
  readonly namespaces: Table<Namespace>;
  readonly nodes: Table<KubeNode>;
  readonly leases: Table<Lease>;
  readonly pods: Table<Pod>;
  readonly replicaSets: Table<ReplicaSet>;
  readonly deployments: Table<Deployment>;
  readonly services: Table<Service>;
  readonly endpointSlices: Table<EndpointSlice>;
  readonly ingresses: Table<Ingress>;
  readonly events: Table<KubeEvent>;
  readonly configMaps: Table<KubeObject>;
  readonly daemonSets: Table<KubeObject>;
  readonly podDisruptionBudgets: Table<PodDisruptionBudget>;

  constructor(random: Random, stamp: () => string) {
    const context: StoreContext = {
      nextRevision: () => ++this.#revision,
      uid: () => uuidFrom(random),
      stamp,
    };
    this.namespaces = new Table("namespaces", context);
    this.nodes = new Table("nodes", context);
    this.leases = new Table("leases", context);
    this.pods = new Table("pods", context);
    this.replicaSets = new Table("replicasets", context);
    this.deployments = new Table("deployments", context);
    this.services = new Table("services", context);
    this.endpointSlices = new Table("endpointslices", context);
    this.ingresses = new Table("ingresses", context);
    this.events = new Table("events", context);
    this.configMaps = new Table("configmaps", context);
    this.daemonSets = new Table("daemonsets", context);
    this.podDisruptionBudgets = new Table("poddisruptionbudgets", context);
  }

  /** The newest revision: a list made now bears it. */
  get revision(): number {
    return this.#revision;
  }

  /** Every table whose objects live in a namespace and go with it. */
  namespaced(): readonly AnyTable[] {
    return [
      this.ingresses,
      this.services,
      this.deployments,
      this.daemonSets,
      this.podDisruptionBudgets,
      this.replicaSets,
      this.pods,
      this.endpointSlices,
      this.leases,
      this.configMaps,
      this.events,
    ];
  }
}
