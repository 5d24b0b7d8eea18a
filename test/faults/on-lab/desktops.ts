import { seconds } from "../../../src/base/time.ts";
import type { DesktopRequest } from "../../../src/contracts/cluster-driver.ts";
import type { Strike } from "../../../src/contracts/fault.ts";
import type { DesktopHandle } from "../../../src/model/cluster-facts.ts";
import type { DesktopSpec } from "../../../src/model/experiment.ts";
import { desktop as kubernetesDesktop } from "../../clusters/kubernetes/lab-scene.ts";
import type { Place } from "./world.ts";

const PATIENCE = seconds(900);

const proxmoxDesktop: DesktopSpec = {
  kind: "proxmox",
  source: { kind: "clone", template: 9000, pool: null },
  reach: { kind: "guest", address: null, port: 6080, page: "/vnc.html", websocket: "/websockify" },
  vnc_password: null,
};

/** A desktop of a cluster's kind, wherever the cluster puts it. Waits until the cluster is ready for it. */
export async function deployDesktop({ driver, clock }: Place): Promise<DesktopHandle> {
  const limit = clock.timeout(PATIENCE);
  while ((await driver.health(limit)).problems.length > 0) await clock.sleep(seconds(2), limit);
  const request: DesktopRequest = {
    spec: driver.kind === "proxmox" ? proxmoxDesktop : kubernetesDesktop,
    placement: { kind: "any" },
    run: "run",
    trial: "t1",
    mark: "run-t1",
  };
  const desktop = await driver.prepare(request, limit);
  await driver.deploy(desktop, request, limit);
  return desktop;
}

/** The strike against the node that runs the desktop, once the cluster is ready for a trial and it does run. */
export async function strikeWhereItRuns(desktop: DesktopHandle, place: Place): Promise<Strike> {
  const { driver, clock } = place;
  const limit = clock.timeout(PATIENCE);
  for (;;) {
    const { node, instance } = await driver.whereabouts(desktop, limit);
    if (node !== null && instance !== null) {
      const { nodes } = await driver.health(limit);
      if (nodes.every(({ online }) => online)) return { victim: node, desktop };
    }
    await clock.sleep(seconds(2), limit);
  }
}
