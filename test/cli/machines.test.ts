import { afterEach, describe, expect, it } from "vitest";
import { machinesOf } from "../../src/cli/machines.ts";
import type { NodeAccess } from "../../src/model/inventory.ts";
import { quickClock } from "../clients/quick-clock.ts";
import { startMiniSshd, user } from "../clients/ssh/mini-sshd.ts";
import { aCluster } from "../faults/a-cluster.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const secrets = { resolve: async () => user.privateKey };
const never = new AbortController().signal;
const nothing = { boot_id: null, machine_id: null, addresses: [] };

const machines = (node: Partial<NodeAccess>) =>
  machinesOf(aCluster([{ name: "pve1", address: null, ssh: null, bmc: null, ...node }]), {
    clock: quickClock(100),
    secrets,
  });

async function sshd() {
  const asked: string[] = [];
  const server = await startMiniSshd((command) => {
    asked.push(command);
    return { code: 0, stdout: "blackout-machine\nm1\nblackout-boot\nb1\nblackout-name\npve1\n" };
  });
  closing.push(async () => await server.close());
  const ssh = {
    host: "localhost",
    port: server.port,
    user: "root",
    key: { kind: "env", name: "K" },
    host_key: server.fingerprint,
  } as const;
  return { ssh, asked };
}

describe("machinesOf", () => {
  it("asks the node itself over SSH, in one login, and resolves names", async () => {
    const { ssh, asked } = await sshd();
    const { machine, login } = await machines({ ssh, address: "192.0.2.7" }).below(
      "pve1",
      nothing,
      never,
    );
    expect(machine).toMatchObject({ boot_id: "b1", machine_id: "m1" });
    expect(machine.addresses).toContain("192.0.2.7");
    expect(machine.addresses.some((each) => each === "127.0.0.1" || each === "::1")).toBe(true);
    expect(login).toEqual({ boot_id: "b1", machine_id: "m1", hostname: "pve1" });
    expect(asked).toHaveLength(1);
  });

  it("takes the cluster's word for the machine first, and keeps what the node said apart", async () => {
    const { ssh } = await sshd();
    const told = { boot_id: "told", machine_id: null, addresses: ["192.0.2.8"] };
    const { machine, login } = await machines({ ssh }).below("pve1", told, never);
    expect(machine.boot_id).toBe("told");
    expect(machine.addresses).toContain("192.0.2.8");
    expect(login?.boot_id).toBe("b1");
  });

  it("makes do with addresses where nobody can log in, or the inventory lacks the node", async () => {
    const { ssh } = await sshd();
    const wrongKey = { ...ssh, host_key: `SHA256:${"A".repeat(43)}` };
    const found = await machines({ ssh: wrongKey }).below("pve1", nothing, never);
    expect(found).toMatchObject({ machine: { boot_id: null }, login: null });
    expect(await machines({}).below("pve9", nothing, never)).toEqual({
      machine: nothing,
      login: null,
    });
  });

  it("ends with its signal", async () => {
    const { ssh } = await sshd();
    const reason = new Error("stopped");
    const asking = machines({ ssh }).below("pve1", nothing, AbortSignal.abort(reason));
    await expect(asking).rejects.toBe(reason);
  });
});
