import type {
  V1Deployment,
  V1Ingress,
  V1Namespace,
  V1ObjectMeta,
  V1Service,
  V1Toleration,
} from "@kubernetes/client-node";
import type { KubernetesDesktop, Placement } from "../../model/experiment.ts";
import type { KubernetesHandle } from "./naming.ts";
import { DESKTOP_LABEL, MARK } from "./naming.ts";

/** The probe desktop as Kubernetes objects: the thesis's Deployment, Service and Ingress. */

const PORT_NAME = "novnc";
const HOSTNAME_LABEL = "kubernetes.io/hostname";

export const namespaceFor = ({ namespace, mark }: KubernetesHandle): V1Namespace => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespace, annotations: { [MARK]: mark } },
});

export function deploymentFor(
  handle: KubernetesHandle,
  spec: KubernetesDesktop,
  placement: Placement,
): V1Deployment {
  const labels = { [DESKTOP_LABEL]: handle.name };
  const about = metadataOf(handle);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: about,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { [MARK]: handle.mark } },
        spec: {
          ...preferredNode(placement),
          tolerations: tolerationsOf(spec.toleration_s),
          // The probe counts seconds: a desktop that is told to stop has nothing to save.
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: "desktop",
              image: spec.image,
              imagePullPolicy: "IfNotPresent",
              ports: [{ name: PORT_NAME, containerPort: spec.port }],
              readinessProbe: {
                tcpSocket: { port: spec.port },
                periodSeconds: 1,
                failureThreshold: 3,
              },
            },
          ],
        },
      },
    },
  };
}

export const serviceFor = (handle: KubernetesHandle, spec: KubernetesDesktop): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: metadataOf(handle),
  spec: {
    type: handle.reach === "node-port" ? "NodePort" : "ClusterIP",
    selector: { [DESKTOP_LABEL]: handle.name },
    ports: [{ name: PORT_NAME, port: spec.port, targetPort: spec.port, protocol: "TCP" }],
  },
});

export const ingressFor = (
  handle: KubernetesHandle,
  spec: KubernetesDesktop,
  host: string | null,
): V1Ingress => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: metadataOf(handle),
  spec: {
    rules: [
      {
        ...(host === null ? {} : { host }),
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: handle.name, port: { number: spec.port } } },
            },
          ],
        },
      },
    ],
  },
});

const metadataOf = ({ name, namespace, mark }: KubernetesHandle): V1ObjectMeta => ({
  name,
  namespace,
  labels: { [DESKTOP_LABEL]: name, "app.kubernetes.io/managed-by": "blackout" },
  annotations: { [MARK]: mark },
});

/** Null leaves the pod with what the cluster gives it: 300 s, by DefaultTolerationSeconds. */
function tolerationsOf(seconds: number | null): V1Toleration[] {
  if (seconds === null) return [];
  return ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: seconds,
  }));
}

/** A wish, not a demand: a nodeSelector would hold the replacement on the dead node. There is no CRM master here. */
function preferredNode(placement: Placement) {
  if (placement.kind !== "node") return {};
  return {
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            preference: {
              matchExpressions: [{ key: HOSTNAME_LABEL, operator: "In", values: [placement.node] }],
            },
          },
        ],
      },
    },
  };
}
