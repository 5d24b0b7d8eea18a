import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LabUp } from "../support/lab-up.ts";
import { startLabUp } from "../support/lab-up.ts";
import { requires } from "../support/requires.ts";

const needed = requires({
  curl: "curl",
  ipmitool: "ipmitool",
  kubectl: "kubernetes-client",
  ssh: "openssh-client",
});
const patience = { timeout: 20_000, interval: 100 };

describe.skipIf(needed.skip)(`what blackout lab up prints to paste${needed.note}`, () => {
  let lab: LabUp;
  beforeAll(async () => {
    lab = await startLabUp();
  });
  afterAll(async () => {
    await lab.stop();
  });

  const paste = async (title: string): Promise<string> => await shell(lab.line(title));

  it("curl reads /cluster/resources with an API token", async () => {
    const resources = await paste("lab-pve: what the API says of the cluster");
    for (const id of ["node/pve1", "node/pve2", "node/pve3", "qemu/9000"]) {
      expect(resources).toContain(`"id":"${id}"`);
    }
  });

  it("curl reads the nodes of Kubernetes with a bearer token", async () => {
    const nodes = await paste("lab-k8s: what the API says of the nodes");
    expect(nodes).toMatch(/"kind":\s*"NodeList"/u);
    expect(nodes).toContain("worker2");
  });

  it("kubectl lists every pod with its usual columns", async () => {
    const [header = ""] = (await paste("lab-k8s: every pod")).split("\n");
    expect(header.split(/\s{2,}/u).slice(0, 6)).toEqual(
      "NAMESPACE NAME READY STATUS RESTARTS AGE".split(" "),
    );
  });

  it("kubectl watches a node go that ssh switches off, and come back over its BMC", async () => {
    const watch = follow(lab.line("lab-k8s: nodes, as they change"));
    try {
      await expect.poll(watch.text, patience).toMatch(/^NAME\s+STATUS\s+ROLES\s+AGE\s+VERSION/u);
      await expect.poll(watch.text, patience).toMatch(/^worker2\s+Ready\s/mu);
      await paste("lab-k8s: switch worker2 off over SSH");
      await expect.poll(watch.text, patience).toMatch(/^worker2\s+NotReady\s/mu);
      const status = await paste("lab-k8s: ask the BMC of worker2, cipher suite 3");
      expect(status).toBe("Chassis Power is off\n");
      const on = await paste("lab-k8s: switch worker2 on over its BMC, cipher suite 17");
      expect(on).toContain("Up/On");
      await expect
        .poll(watch.text, patience)
        .toMatch(/^worker2\s+NotReady\s[^]*^worker2\s+Ready\s/mu);
    } finally {
      await watch.stop();
    }
  });

  it("ssh switches a Proxmox VE node off, and ipmitool asks and switches it on", async () => {
    const status = "lab-pve: ask the BMC of pve3, cipher suite 3";
    expect(await paste(status)).toBe("Chassis Power is on\n");
    await paste("lab-pve: switch pve3 off over SSH");
    await expect.poll(async () => await paste(status), patience).toBe("Chassis Power is off\n");
    await paste("lab-pve: switch pve3 on over its BMC, cipher suite 17");
    expect(await paste(status)).toBe("Chassis Power is on\n");
  });

  it.each([
    ["3", "lab-pve: ask the BMC of pve3, cipher suite 3", "status"],
    ["17", "lab-pve: switch pve3 on over its BMC, cipher suite 17", "on"],
  ])("ipmitool -C %s switches a node off and on", async (suite, title, printed) => {
    const line = lab.line(title);
    expect(line).toContain(`-C ${suite} `);
    const power = async (word: string): Promise<string> =>
      await shell(line.replace(`chassis power ${printed}`, `chassis power ${word}`));
    expect(await power("off")).toContain("Down/Off");
    expect(await power("status")).toBe("Chassis Power is off\n");
    expect(await power("on")).toContain("Up/On");
    expect(await power("status")).toBe("Chassis Power is on\n");
  });

  it.each([
    ["lab-pve", "pve3"],
    ["lab-k8s", "worker2"],
  ])("curl asks the BMC of %s over Redfish, and switches its node on", async (cluster, node) => {
    const ask = `${cluster}: ask the BMC of ${node} over Redfish`;
    const state = async (): Promise<unknown> => JSON.parse(await paste(ask)).PowerState;
    expect(await state()).toBe("On");
    const on = lab.line(`${cluster}: switch ${node} on over Redfish`);
    expect(on).not.toMatch(/admin:[^%]/u);
    await shell(on.replace('"On"', '"ForceOff"'));
    expect(await state()).toBe("Off");
    expect(await shell(on)).toBe("");
    expect(await state()).toBe("On");
    expect(JSON.parse(await shell(on)).error.message).toContain("powered on");
  });

  it("Ctrl-C ends the lab, and nobody answers any more", async () => {
    const line = lab.line("lab-pve: what the API says of the cluster");
    expect(await lab.stop()).toBe(0);
    await expect(shell(line)).rejects.toMatchObject({ code: expect.any(Number) });
  });
});

async function shell(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", line], { timeout: 60_000 });
  return stdout;
}

/** A line that goes on until it is stopped, with what it printed so far. */
function follow(line: string): {
  readonly text: () => string;
  readonly stop: () => Promise<void>;
} {
  const child = spawn("sh", ["-c", `exec ${line}`], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve();
    });
  });
  return {
    text: () => text,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
