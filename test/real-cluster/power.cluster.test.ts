import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { createKubernetesDriver } from "../../src/clusters/kubernetes/kubernetes-driver.ts";
import { bootOf, clock, nodeOf, onWorker, pulseOf, secrets } from "./on-worker.ts";
import { askPower } from "./power-client.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { untilAllReady } from "./start-real-cluster.ts";

const shared = sharedCluster();
const WORKERS = ["worker-1", "worker-2", "worker-3"];

describe.skipIf(shared.skip)(`the power of a real cluster's workers${shared.note}`, () => {
  afterEach(async () => {
    for (const name of WORKERS) await askPower(shared.place().power, `${name} set power 1`);
    await untilAllReady(shared.place());
  });

  it("has three workers, Ready, with nothing wrong", async () => {
    const cluster = shared.inventory();
    const driver = createKubernetesDriver({ cluster, clock, secrets });
    const health = await driver.health(AbortSignal.timeout(10_000));
    await driver.close();
    expect(health.problems).toEqual([]);
    expect(health.nodes.map(({ name, online }) => ({ name, online }))).toEqual(
      WORKERS.map((name) => ({ name, online: true })),
    );
  });

  it("ipmitool cuts one worker off and boots it again, with its disk and its SSH host key", async () => {
    const cluster = shared.inventory();
    const before = await bootOf(cluster, "worker-3");
    expect(await ipmitool("worker-3", "chassis", "power", "status")).toBe("Chassis Power is on");
    await ipmitool("worker-3", "chassis", "power", "off");
    expect(await ipmitool("worker-3", "chassis", "power", "status")).toBe("Chassis Power is off");
    expect(await pulseOf(cluster, "worker-3")).toBe("silent");
    expect(await pulseOf(cluster, "worker-2")).toBe("answers");
    await ipmitool("worker-3", "chassis", "power", "on");
    await untilAllReady(shared.place());
    expect(await bootOf(cluster, "worker-3")).not.toBe(before);
    const images = await onWorker(cluster, "worker-3", "ctr -n k8s.io images ls -q");
    expect(images).toContain("novnc-desktop");
  });

  it("the second API server dies with its worker, and the driver goes on with the first", async () => {
    const cluster = shared.inventory();
    const [onNode] = cluster.api.servers;
    expect(onNode?.node).toBe("worker-1");
    const other = { ...cluster, api: { ...cluster.api, servers: onNode ? [onNode] : [] } };
    const lonely = createKubernetesDriver({ cluster: other, clock, secrets });
    const driver = createKubernetesDriver({ cluster, clock, secrets });
    const pinned = { fingerprint: cluster.identity.kube_system_uid };
    await expect(lonely.identify(soon())).resolves.toMatchObject(pinned);
    await ipmitool("worker-1", "chassis", "power", "off");
    await expect(lonely.identify(soon())).rejects.toThrow(/worker-1|10\.77\./u);
    await expect(driver.identify(soon())).resolves.toMatchObject(pinned);
    await ipmitool("worker-1", "chassis", "power", "on");
    await expect
      .poll(async () => await lonely.identify(soon()).catch(() => null), { timeout: 60_000 })
      .toMatchObject(pinned);
    await Promise.all([driver.close(), lonely.close()]);
  });

  it("systemctl stops, starts and kills a worker's services", async () => {
    const cluster = shared.inventory();
    const run = async (command: string): Promise<string> =>
      await onWorker(cluster, "worker-2", command);
    const first = await run("systemctl show -p MainPID --value kubelet");
    expect(Number(first)).toBeGreaterThan(1);
    expect(await run("systemctl stop kubelet; systemctl is-active kubelet; echo $?")).toBe(
      "inactive\n3",
    );
    expect(await run("systemctl start kubelet; systemctl is-active kubelet")).toBe("active");
    expect(
      await run("systemctl kill -s KILL kube-proxy; sleep 0.5; systemctl is-active kube-proxy"),
    ).toBe("inactive");
    // Restart=always after ten seconds.
    await expect
      .poll(async () => await run("systemctl is-active kube-proxy"), { timeout: 20_000 })
      .toBe("active");
  });

  it("shows each worker hardware of its own, and none of this machine's", async () => {
    const cluster = shared.inventory();
    const seen = await Promise.all(
      WORKERS.map(
        async (name) => await onWorker(cluster, name, "cat /sys/class/dmi/id/product_uuid"),
      ),
    );
    expect(new Set(seen).size).toBe(WORKERS.length);
    expect(await onWorker(cluster, "worker-1", "cat /etc/machine-id")).not.toBe(
      readFileSync("/etc/machine-id", "utf8").trim(),
    );
    expect(await onWorker(cluster, "worker-1", "find /dev -type b")).toBe("");
    expect(await onWorker(cluster, "worker-1", "touch /usr/x 2>/dev/null || echo no")).toBe("no");
  });
});

/** What it prints about the chassis of that worker. */
async function ipmitool(name: string, ...words: string[]): Promise<string> {
  const { bmc } = nodeOf(shared.inventory(), name);
  if (bmc?.kind !== "ipmi" || bmc.password.kind !== "file") throw new Error(`${name} has no BMC`);
  const where = ["-H", bmc.host, "-p", `${bmc.port}`, "-U", bmc.user, "-f", bmc.password.path];
  const how = ["-I", "lanplus", "-C", "3", "-N", "2", "-R", "2"];
  return (await promisify(execFile)("ipmitool", [...how, ...where, ...words])).stdout.trim();
}

const soon = (): AbortSignal => AbortSignal.timeout(15_000);
