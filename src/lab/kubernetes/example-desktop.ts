import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

const labels = { app: "desktop" };
const metadata = { name: "desktop", namespace: "default", labels };
/** noVNC's usual port. */
const PORT = 6080;

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata,
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: "desktop",
            image: "registry.example/novnc-desktop:1",
            ports: [{ containerPort: PORT }],
          },
        ],
      },
    },
  },
};

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata,
  spec: { selector: labels, ports: [{ port: 80, targetPort: PORT }] },
};

const backend = { service: { name: "desktop", port: { number: 80 } } };
const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata,
  spec: { rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
};

/** Manifests of a desktop behind the ingress, for whoever wants to look at one by hand; returns their path. */
export async function writeExampleDesktop(folder: string): Promise<string> {
  const path = join(folder, "desktop.yaml");
  const manifests = [deployment, service, ingress];
  const text = manifests.map((each) => stringify(each, { aliasDuplicateObjects: false }));
  await writeFile(path, text.join("---\n"), { mode: 0o644 });
  return path;
}
