/** Kubernetes-shaped objects, as far as the controllers read them; whatever else a client sent is kept beside it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string | undefined;
  readonly namespace?: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number | undefined;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string | undefined;
  readonly deletionGracePeriodSeconds?: number | undefined;
  readonly labels?: Labels | undefined;
  readonly annotations?: Labels | undefined;
  readonly ownerReferences?: readonly OwnerReference[] | undefined;
  readonly finalizers?: readonly string[] | undefined;
  readonly [field: string]: unknown;
}

export type Labels = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean | undefined;
  readonly blockOwnerDeletion?: boolean | undefined;
}

export type ConditionStatus = "True" | "False" | "Unknown";

export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastHeartbeatTime?: string | null | undefined;
  readonly lastProbeTime?: string | null | undefined;
  readonly lastUpdateTime?: string | undefined;
  readonly lastTransitionTime?: string | null | undefined;
}

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly timeAdded?: string | undefined;
}

export interface Toleration {
  readonly key?: string | undefined;
  readonly operator?: "Exists" | "Equal" | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
  readonly tolerationSeconds?: number | undefined;
}

export interface KubeNode extends KubeObject {
  readonly spec: {
    readonly podCIDR?: string | undefined;
    readonly unschedulable?: boolean | undefined;
    readonly taints?: readonly Taint[] | undefined;
    readonly [field: string]: unknown;
  };
  readonly status: {
    readonly conditions?: readonly Condition[] | undefined;
    readonly addresses?: readonly { readonly type: string; readonly address: string }[] | undefined;
    readonly nodeInfo?: Labels | undefined;
    readonly [field: string]: unknown;
  };
}

export interface Lease extends KubeObject {
  readonly spec: {
    readonly holderIdentity?: string | undefined;
    readonly leaseDurationSeconds?: number | undefined;
    readonly renewTime?: string | undefined;
    readonly [field: string]: unknown;
  };
}

export interface Namespace extends KubeObject {
  readonly spec: { readonly finalizers?: readonly string[] | undefined };
  readonly status: { readonly phase: "Active" | "Terminating" };
}

interface ContainerPort {
  readonly name?: string | undefined;
  readonly containerPort: number;
  readonly protocol?: string | undefined;
}

export interface Container {
  readonly name: string;
  readonly image?: string | undefined;
  readonly ports?: readonly ContainerPort[] | undefined;
  readonly readinessProbe?: unknown;
  readonly [field: string]: unknown;
}

export interface SelectorExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly SelectorExpression[] | undefined;
}

interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?:
    { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] } | undefined;
  readonly preferredDuringSchedulingIgnoredDuringExecution?:
    readonly { readonly weight: number; readonly preference: NodeSelectorTerm }[] | undefined;
}

export interface PodSpec {
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: Labels | undefined;
  readonly affinity?:
    | { readonly nodeAffinity?: NodeAffinity | undefined; readonly [field: string]: unknown }
    | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
  readonly containers: readonly Container[];
  readonly [field: string]: unknown;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string | undefined;
  readonly started?: boolean | undefined;
  readonly state: Readonly<Record<string, unknown>>;
  readonly lastState: Readonly<Record<string, unknown>>;
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status: {
    readonly phase?: string | undefined;
    readonly conditions?: readonly Condition[] | undefined;
    readonly podIP?: string | undefined;
    readonly hostIP?: string | undefined;
    readonly startTime?: string | undefined;
    readonly containerStatuses?: readonly ContainerStatus[] | undefined;
    readonly [field: string]: unknown;
  };
}

export interface PodTemplate {
  readonly metadata?:
    { readonly labels?: Labels | undefined; readonly annotations?: Labels | undefined } | undefined;
  readonly spec: PodSpec;
}

export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly SelectorExpression[] | undefined;
}

interface ReplicatedSpec {
  readonly replicas?: number | undefined;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly [field: string]: unknown;
}

export interface ReplicaStatus {
  readonly replicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  readonly [field: string]: unknown;
}

export interface ReplicaSet extends KubeObject {
  readonly spec: ReplicatedSpec;
  readonly status: ReplicaStatus;
}

export interface Deployment extends KubeObject {
  readonly spec: ReplicatedSpec;
  readonly status: ReplicaStatus;
}

export interface ServicePort {
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
  readonly port: number;
  readonly targetPort?: number | string | undefined;
  readonly nodePort?: number | undefined;
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: string | undefined;
    readonly clusterIP?: string | undefined;
    readonly selector?: Labels | undefined;
    readonly ports?: readonly ServicePort[] | undefined;
    readonly [field: string]: unknown;
  };
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions: { readonly ready: boolean };
  readonly targetRef: ObjectReference;
  readonly topology: Labels;
}

export interface EndpointSlice extends KubeObject {
  readonly addressType: "IPv4";
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly {
    readonly name: string;
    readonly port: number;
    readonly protocol: string;
  }[];
}

export interface IngressPath {
  readonly path?: string | undefined;
  readonly pathType: string;
  readonly backend: {
    readonly service?:
      | {
          readonly name: string;
          readonly port: {
            readonly number?: number | undefined;
            readonly name?: string | undefined;
          };
        }
      | undefined;
  };
}

export interface IngressRule {
  readonly host?: string | undefined;
  readonly http?: { readonly paths: readonly IngressPath[] } | undefined;
}

export interface Ingress extends KubeObject {
  readonly spec: {
    readonly rules?: readonly IngressRule[] | undefined;
    readonly defaultBackend?: IngressPath["backend"] | undefined;
    readonly [field: string]: unknown;
  };
}

export interface ObjectReference {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid?: string | undefined;
}

export interface KubeEvent extends KubeObject {
  readonly involvedObject: ObjectReference;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly firstTimestamp?: string | null | undefined;
  readonly lastTimestamp?: string | null | undefined;
  readonly count?: number | undefined;
}
