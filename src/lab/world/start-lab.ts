import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CleanupStack } from "../../base/cleanup.ts";
import { OperatingError } from "../../base/errors.ts";
import { inMs } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Random } from "../../contracts/random.ts";
import type { LabCluster, LabOrigin, LabSpec } from "../../model/lab.ts";
import { createCertificateIssuer } from "../certificates/issuer.ts";
import type { HowTo, LabCommand, LabContext, RunningLabCluster } from "../lab-cluster.ts";
import { createLabNetwork } from "../network/create-network.ts";
import { TruthFile } from "./truth-file.ts";
import type { Lateness } from "./twin-time.ts";
import { TwinPump } from "./twin-time.ts";
import { writeInventory } from "./write-inventory.ts";

export interface RunningLab {
  /** An ordinary inventory, with which every part of the tool reaches this lab as it would a real cluster. */
  readonly inventoryPath: string;
  readonly howTo: readonly HowTo[];
  /** Lab seconds in one real second. */
  readonly speed: number;
  /** Rejects with `configuration` for a cluster or a part that there is not. */
  control(cluster: string, command: LabCommand): Promise<void>;
  /** How often and by how much its events came later than its clock says that they may. */
  lateness(): Lateness;
  /** Ends everything; no port, process or timer is left. */
  close(): Promise<void>;
}

export interface LabOptions {
  readonly clock: Clock;
  readonly origin: LabOrigin;
  readonly random: Random;
  /** Holds the inventory, `truth.ndjson`, CA files, keys and tokens; made when it is missing. */
  readonly directory: string;
  /** What plays a cluster; tests put others in its place. */
  readonly createCluster?: CreateCluster;
}

export type CreateCluster = (spec: LabCluster, context: LabContext) => Promise<RunningLabCluster>;

/** Starts all clusters of a lab behind real sockets on loopback. */
export async function startLab(spec: LabSpec, options: LabOptions): Promise<RunningLab> {
  const started = new CleanupStack();
  const close = async (): Promise<void> => {
    await started.unwind(() => new AbortController().signal);
  };
  try {
    const { context, twinTime } = await createContext(options, started);
    const create = options.createCluster ?? createCluster;
    const clusters = new Map<string, RunningLabCluster>();
    for (const each of spec.clusters) {
      const cluster = await create(each, context);
      started.register(`cluster ${each.name}`, async () => await cluster.close());
      clusters.set(each.name, cluster);
    }
    const inventoryPath = join(options.directory, "inventory.yaml");
    const running = [...clusters.values()];
    twinTime.forgetLateness();
    await writeInventory(
      inventoryPath,
      running.map(({ cluster }) => cluster),
    );
    return {
      inventoryPath,
      howTo: running.flatMap(({ howTo }) => howTo),
      speed: options.clock.speed,
      lateness: () => twinTime.lateness(),
      control: async (name, command) => await control(clusters, name, command),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createContext(
  options: LabOptions,
  started: CleanupStack,
): Promise<{ readonly context: LabContext; readonly twinTime: TwinPump }> {
  const { clock, origin, random, directory } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const truth = new TruthFile(join(directory, "truth.ndjson"));
  started.register("truth file", async () => await truth.close());
  const network = await createLabNetwork(clock);
  started.register("network", async () => await network.close());
  const twinTime = new TwinPump(clock, (at, by) => {
    const event = { at, kind: "late", by_ms: inMs(by) };
    truth.append("lab", event);
  });
  started.register("twin time", async () => await Promise.resolve(twinTime.close()));
  const certificates = createCertificateIssuer(clock);
  const context: LabContext = {
    clock,
    origin,
    random,
    directory,
    network,
    twinTime,
    certificates,
    onTruth: (cluster, event) => truth.append(cluster, event),
  };
  return { context, twinTime };
}

/** Loads only what the lab plays. */
const createCluster: CreateCluster = async (spec, context) => {
  if (spec.kind === "proxmox") {
    const { createProxmoxLab } = await import("../proxmox/proxmox-lab.ts");
    return await createProxmoxLab(spec, context);
  }
  const { createKubernetesLab } = await import("../kubernetes/kubernetes-lab.ts");
  return await createKubernetesLab(spec, context);
};

async function control(
  clusters: ReadonlyMap<string, RunningLabCluster>,
  name: string,
  command: LabCommand,
): Promise<void> {
  const cluster = clusters.get(name);
  if (cluster !== undefined) {
    await cluster.control(command);
    return;
  }
  const known = [...clusters.keys()].join(", ");
  throw new OperatingError(
    "configuration",
    `Cannot switch ${command.part} of cluster ${name} as the lab has no such cluster: it has ${known}`,
    { facts: { cluster: name } },
  );
}
