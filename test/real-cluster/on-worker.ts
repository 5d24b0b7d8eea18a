import { SystemClock } from "../../src/platform/system-clock.ts";
import { sshPulse } from "../../src/clients/ssh/ssh-pulse.ts";
import { sshRun } from "../../src/clients/ssh/ssh-run.ts";
import type { KubernetesCluster, NodeAccess, SshAccess } from "../../src/model/inventory.ts";
import { secretsFor } from "../../src/cli/surroundings.ts";
import { processTerminal } from "../../src/cli/terminal.ts";

export const clock = new SystemClock();
export const secrets = secretsFor(processTerminal());

export function nodeOf(cluster: KubernetesCluster, name: string): NodeAccess & { ssh: SshAccess } {
  const node = cluster.nodes.find((each) => each.name === name);
  if (node === undefined || node.ssh === null) throw new Error(`${name} is not in the inventory`);
  return { ...node, ssh: node.ssh };
}

/** What a command that root runs on a worker over SSH prints; its exit code is not looked at. */
export async function onWorker(
  cluster: KubernetesCluster,
  name: string,
  command: string,
): Promise<string> {
  const signal = AbortSignal.timeout(30_000);
  const end = await sshRun(nodeOf(cluster, name).ssh, command, { clock, secrets, signal });
  if (end.kind === "disconnected") throw new Error(`${name} went away during "${command}"`);
  return end.stdout.trim();
}

/** Differs from boot to boot. */
export const bootOf = async (cluster: KubernetesCluster, name: string): Promise<string> =>
  await onWorker(cluster, name, "cat /proc/sys/kernel/random/boot_id");

export const pulseOf = async (cluster: KubernetesCluster, name: string): Promise<string> =>
  await sshPulse(nodeOf(cluster, name).ssh, clock, AbortSignal.timeout(10_000));
