import { request } from "node:http";
import { DateTime } from "luxon";
import type { Instant } from "../../../src/base/time.ts";
import { seconds } from "../../../src/base/time.ts";
import { NodePorts } from "../../../src/lab/kubernetes/data-plane/node-ports.ts";
import { PodNetwork } from "../../../src/lab/kubernetes/data-plane/pod-network.ts";
import { followTwin } from "../../../src/lab/kubernetes/follow-twin.ts";
import { machineOf } from "../../../src/lab/kubernetes/machines.ts";
import { podPort } from "../../../src/lab/kubernetes/ports.ts";
import type { LabMachine } from "../../../src/lab/machine.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import type { LabHost } from "../../../src/lab/network/network.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { EventQueue } from "../../../src/twin/event-queue.ts";
import { createDesktop } from "../../../src/twin/kubernetes/desktop.ts";
import { createKubernetesTwin, nodeNames } from "../../../src/twin/kubernetes/kubernetes-twin.ts";

const SETTINGS = defaultKubernetesSettings;
const catchUp = (): void => undefined;

/** Nodes with real sockets on a twin whose time stands still between two `pass`: nothing waits for a clock. */
export async function startNodeBench() {
  const clock = new ScaledClock({
    speed: 60,
    origin_hrtime_ns: String(process.hrtime.bigint()),
    origin_wall: "2026-01-01T00:00:00.000Z",
  });
  const network = await createLabNetwork(clock);
  const hosts = new Map<string, LabHost>();
  for (const { name } of nodeNames(SETTINGS)) hosts.set(name, await network.addHost(name));
  const queue = new EventQueue();
  const twin = createKubernetesTwin({
    settings: SETTINGS,
    scheduler: queue,
    random: new SeededRandom(7),
    wallOrigin: DateTime.fromISO("2026-01-01T00:00:00Z", { zone: "utc" }),
    addressOf: (node) => hosts.get(node)?.address ?? "",
  });
  const pods = new PodNetwork(hosts, clock);
  const nodePorts = new NodePorts({ twin, clock, catchUp, hosts });
  const unfollow = followTwin(twin, { hosts, pods, nodePorts });
  const pass = (duration: number): void =>
    queue.advanceTo((queue.now() + seconds(duration)) as Instant);
  createDesktop(twin, { namespace: "desk", name: "probe", tolerationSeconds: 1 });
  pass(60);
  const [pod] = twin.store.pods.all().filter(({ metadata }) => metadata.namespace === "desk");
  const node = pod?.spec.nodeName ?? "";
  const host = hosts.get(node);
  if (pod === undefined || host === undefined) throw new Error("no desktop");
  const machine: LabMachine = machineOf(twin, { name: node, address: host.address }, catchUp);
  return {
    twin,
    pass,
    host,
    machine,
    pod: pod.metadata.name,
    /** The desktop's page, asked at its pod: a status, an error's code, or silence. */
    page: async () =>
      await pageAt(`http://${host.address}:${podPort(pod.status.podIP ?? "")}/vnc.html`),
    close: async () => {
      unfollow();
      await network.close();
    },
  };
}

async function pageAt(url: string): Promise<string> {
  return await new Promise((resolve) => {
    const asked = request(url, { timeout: 300, agent: false }, (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    asked.on("timeout", () => {
      asked.destroy();
      resolve("silence");
    });
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    asked.end();
  });
}
