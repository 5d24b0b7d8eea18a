import type { Service } from "../../../twin/kubernetes/objects.ts";
import type { ObjectStore } from "../../../twin/kubernetes/object-store.ts";
import { invalid } from "./status-error.ts";

const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;

/** Gives a Service its cluster address and, where its type has them, its node ports. */
export function admitService(
  store: ObjectStore,
  service: Service,
  previous: Service | null,
): Service {
  const others = store.services
    .all()
    .filter((each) => each.metadata.uid !== (previous?.metadata.uid ?? ""));
  const taken = new Set(others.flatMap((each) => nodePortsOf(each)));
  const hasNodePorts = service.spec.type === "NodePort" || service.spec.type === "LoadBalancer";
  const ports = (service.spec.ports ?? []).map((port) => {
    if (!hasNodePorts) return { ...port, nodePort: undefined };
    const before = previous?.spec.ports?.find((each) => each.port === port.port)?.nodePort;
    const nodePort = port.nodePort ?? before ?? freePort(taken);
    if (taken.has(nodePort)) {
      throw invalid("Service", service.metadata.name, [
        {
          field: "spec.ports.nodePort",
          message: `${nodePort}: provided port is already allocated`,
        },
      ]);
    }
    taken.add(nodePort);
    return { ...port, nodePort };
  });
  const clusterIP = previous?.spec.clusterIP ?? service.spec.clusterIP ?? freeAddress(others);
  return {
    ...service,
    spec: {
      sessionAffinity: "None",
      ...service.spec,
      clusterIP,
      ports: ports.map((port) => ({ ...port, targetPort: port.targetPort ?? port.port })),
    },
    status: service["status"] ?? { loadBalancer: {} },
  };
}

export const nodePortsOf = (service: Service): readonly number[] =>
  (service.spec.ports ?? []).flatMap((port) =>
    port.nodePort === undefined ? [] : [port.nodePort],
  );

function freePort(taken: ReadonlySet<number>): number {
  let port = FIRST_NODE_PORT;
  while (taken.has(port) && port < LAST_NODE_PORT) port++;
  return port;
}

function freeAddress(others: readonly Service[]): string {
  const taken = new Set(others.map((each) => each.spec.clusterIP));
  let number = 10;
  const address = (): string => `10.96.${Math.floor(number / 250)}.${1 + (number % 250)}`;
  while (taken.has(address())) number++;
  return address();
}
