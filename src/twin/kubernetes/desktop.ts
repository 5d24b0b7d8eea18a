import { newMetadata } from "./metadata.ts";
import type { Toleration } from "./objects.ts";
import { NOT_READY, UNREACHABLE } from "./admission.ts";
import { namespaceObject } from "./initial-objects.ts";
import type { KubernetesTwin } from "./kubernetes-twin.ts";

const PORT = 6080;

/**
 * The probe desktop of the thesis (facts/kubernetes.md 3) written straight into the twin: Deployment and Service. It is
 * probed as often as the one that the driver deploys. `tolerationSeconds` null: none of its own.
 */
export function createDesktop(
  twin: KubernetesTwin,
  desktop: {
    readonly namespace: string;
    readonly name: string;
    readonly tolerationSeconds: number | null;
  },
): void {
  const { store } = twin;
  const { namespace, name } = desktop;
  const labels = { app: name };
  if (store.namespaces.get("", namespace) === undefined) {
    store.namespaces.create(namespaceObject(namespace));
  }
  store.deployments.create({
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
  });
  store.services.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: newMetadata({ name, namespace, labels }),
    spec: { selector: labels, ports: [{ port: PORT }] },
  });
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
