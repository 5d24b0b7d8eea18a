import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where one real cluster lives on this machine: its names and addresses, all of which follow from its slot. */
export interface Layout {
  /** Several clusters may be up at once, each in a slot of its own. */
  readonly slot: number;
  /** Holds everything that the cluster writes. */
  readonly folder: string;
  /** Of its control groups. */
  readonly name: string;
  /** The one network interface outside the cluster's own network namespaces. */
  readonly hostPort: string;
  readonly hostAddress: string;
  /** etcd, the first API server and the BMCs. */
  readonly controlAddress: string;
  readonly workers: readonly WorkerLayout[];
}

export interface WorkerLayout {
  readonly name: string;
  readonly address: string;
  /** The same after each boot, as a network card's is. */
  readonly mac: string;
  /** Its end in the switch. */
  readonly port: string;
  readonly podNetwork: string;
  readonly bmcPort: number;
  /** Holds its disk, and what its hardware consists of. */
  readonly folder: string;
}

export const CLUSTER_NAME = "real-k8s";
export const SLOTS = 8;
const WORKERS = 3;
const FIRST_BMC_PORT = 6230;

/** Above the dynamic ports of 1.20's own components. */
export const API_PORT = 6443;

export function layoutOf(slot: number): Layout {
  const folder = join(tmpdir(), `blackout-real-cluster-${slot}`);
  const network = `10.77.${slot}`;
  return {
    slot,
    folder,
    name: `blackout-real-${slot}`,
    hostPort: `bkreal${slot}`,
    hostAddress: `${network}.254`,
    controlAddress: `${network}.1`,
    workers: Array.from({ length: WORKERS }, (_, index) => {
      const number = index + 1;
      const name = `worker-${number}`;
      return {
        name,
        address: `${network}.${10 + number}`,
        mac: `02:77:00:0${slot}:00:${10 + number}`,
        port: `port${number}`,
        podNetwork: `10.244.${number}.0/24`,
        bmcPort: FIRST_BMC_PORT + number,
        folder: join(folder, name),
      };
    }),
  };
}

/** The worker that also runs an API server, which dies with it. */
export const apiWorkerOf = ({ workers }: Layout): WorkerLayout => {
  const [first] = workers;
  if (first === undefined) throw new Error("a cluster without workers");
  return first;
};

export const apiUrl = (address: string): string => `https://${address}:${API_PORT}`;
