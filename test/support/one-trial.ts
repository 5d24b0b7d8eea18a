import type { Lab } from "./lab-study.ts";
import { truthOf } from "./lab-study.ts";

/** Experiments of one trial on the lab, with whatever else the arm is to have. */
export const oneTrial = {
  kubernetes: (extra = ""): string =>
    experiment(
      "lab-k8s",
      "{ kind: kubernetes, image: registry.example/novnc-desktop:1, toleration: 1s, reach: ingress }",
      extra,
    ),
  proxmox: (extra = ""): string =>
    experiment(
      "lab-pve",
      "{ kind: proxmox, source: { kind: clone, template: 9000 }, reach: guest }",
      extra,
    ),
};

const experiment = (cluster: string, desktop: string, extra: string): string => `
title: one failover on ${cluster}
seed: 3
arms:
  only:
    cluster: ${cluster}
    trials: 1
    desktop: ${desktop}
    fault: { kind: power, action: off, over: ipmi }
    ${extra}
acceptance: [lost == 0]
`;

/** The machines of a lab that its twins have off or booting now. */
export async function nodesNotUp(lab: Lab): Promise<readonly unknown[]> {
  const hosts = new Map<unknown, unknown>();
  for (const event of await truthOf(lab)) {
    if (event.kind === "host") hosts.set(event["node"], event["state"]);
  }
  return [...hosts].filter(([, state]) => state !== "up").map(([node]) => node);
}

/** The desktops' pods that Kubernetes has now, by its twin. */
export async function desktopPods(lab: Lab): Promise<readonly string[]> {
  const pods = new Set<string>();
  for (const event of await truthOf(lab)) {
    const pod = String(event["pod"]);
    if (event.kind === "pod-scheduled" && pod.startsWith("blackout-")) pods.add(pod);
    if (event.kind === "pod-removed") pods.delete(pod);
  }
  return [...pods];
}
