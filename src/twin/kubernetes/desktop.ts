import { newMetadata } from "./metadata.ts";
import type { Deployment, Labels, Service, Toleration } from "./objects.ts";
import { NOT_READY, UNREACHABLE } from "./admission.ts";
import { namespaceObject } from "./initial-objects.ts";
import type { ObjectStore } from "./object-store.ts";

const PORT = 6080;

export interface Desktop {
  readonly namespace: string;
  readonly name: string;
  /** Null: none of its own. */
  readonly tolerationSeconds: number | null;
}

/**
 * The probe desktop of the thesis (facts/kubernetes.md 3) written straight into the store: Deployment and Service. It is
 * probed as often as the one that the driver deploys.
 */
export function createDesktop(
  { store }: { readonly store: ObjectStore },
  desktop: Desktop,
): { readonly deployment: Deployment; readonly service: Service } {
  const { namespace } = desktop;
  if (store.namespaces.get("", namespace) === undefined) {
    store.namespaces.create(namespaceObject(namespace));
  }
  return {
    deployment: store.deployments.create(deploymentOf(desktop)),
    service: store.services.create(serviceOf(desktop)),
  };
}

const labelsOf = ({ name }: Desktop): Labels => ({ app: name });

function deploymentOf(desktop: Desktop): Deployment {
  const { namespace, name } = desktop;
  const labels = labelsOf(desktop);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: newMetadata({ name, namespace, labels, generation: 1 }),
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "desktop",
              image: "blackout/desktop",
              ports: [{ containerPort: PORT }],
              readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
            },
          ],
          tolerations: ownTolerations(desktop.tolerationSeconds),
        },
      },
    },
    status: {},
  };
}

function serviceOf(desktop: Desktop): Service {
  const { namespace, name } = desktop;
  const labels = labelsOf(desktop);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: newMetadata({ name, namespace, labels }),
    spec: { selector: labels, ports: [{ port: PORT }] },
  };
}

const ownTolerations = (seconds: number | null): readonly Toleration[] | undefined =>
  seconds === null
    ? undefined
    : [NOT_READY, UNREACHABLE].map((key) => ({
        key,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: seconds,
      }));
