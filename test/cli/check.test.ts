import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labSpec, startTestLab } from "../support/lab-child.ts";
import { truthOf } from "../support/lab-study.ts";
import { desktopPods, nodesNotUp } from "../support/one-trial.ts";
import type { Finished } from "../support/run-cli.ts";
import { runCli } from "../support/run-cli.ts";

/** What the issue allows; on a running lab, whose start is none of it. */
const LIMIT_MS = 10_000;
const NO_KEY = `SHA256:${"A".repeat(43)}`;

/** A machine that others use too may stall for seconds, which is not the program's doing: it may try thrice. */
async function inTime(args: readonly string[]): Promise<Finished> {
  for (let attempt = 1; ; attempt++) {
    const asked = performance.now();
    const finished = await runCli(args);
    const tookMs = performance.now() - asked;
    if (tookMs < LIMIT_MS) return finished;
    if (attempt === 3) throw new Error(`blackout ${args.join(" ")} took ${tookMs.toFixed(0)} ms`);
  }
}

const line = (out: string, topic: string, subject: string): string =>
  out.split("\n").find((each) => new RegExp(`^ {2}\\S+ +${topic} +${subject} `, "u").test(each)) ??
  "no such line";

describe("blackout check", { timeout: 40_000 }, () => {
  let lab: Awaited<ReturnType<typeof startTestLab>>;
  let folder: string;
  let inventory: string;
  beforeAll(async () => {
    lab = await startTestLab(await labSpec());
    folder = await mkdtemp(join(tmpdir(), "blackout-check-"));
    inventory = readFileSync(lab.inventoryPath, "utf8");
  });
  afterAll(async () => {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const spoilt = async (text: string): Promise<string> => {
    const file = join(folder, "inventory.yaml");
    await writeFile(file, text);
    return file;
  };
  it("exits 0 on healthy clusters, in time, having written nothing to them", async () => {
    const { code, out, err } = await inTime(["check", lab.inventoryPath]);
    expect(err).toBe("");
    // What is wrong, should anything be, tells more than the exit code.
    expect(out).not.toMatch(/^ {2}(?:x|!) /mu);
    expect(code).toBe(0);
    expect(out).toContain("A run would be allowed");
    expect(line(out, "victim", "pve1")).toContain("may be killed");
    expect(line(out, "bmc", "worker1")).toContain("same system UUID");
    expect(line(out, "prediction", "lab-pve")).toMatch(/back 1\d\d \.\. 1\d\d s .*CRM master/u);
    const events = await truthOf(lab);
    expect(events.filter(({ kind }) => kind === "guest")).toEqual([]);
    expect(await desktopPods(lab)).toEqual([]);
    expect(await nodesNotUp(lab)).toEqual([]);
  });

  it("starts the embedded lab where the inventory asks for one, and asks one cluster alone", async () => {
    const { code, out } = await runCli([
      "check",
      "inventories/lab.yaml",
      "--cluster",
      "lab-k8s",
      "--json",
    ]);
    expect(code).toBe(0);
    const said = JSON.parse(out) as { clusters: { name: string; allowed: boolean }[] };
    expect(said.clusters).toMatchObject([{ name: "lab-k8s", allowed: true }]);
  });

  it("exits 4 and names a BMC that is silent, a wrong host key and each missing right", async () => {
    await lab.control("lab-pve", { part: "bmc", node: "pve2", working: false });
    const [shown = ""] = /SHA256:[A-Za-z0-9+/]{43}/u.exec(inventory) ?? [];
    const tokens = join(dirname(lab.inventoryPath), "lab-pve");
    const file = await spoilt(
      inventory
        .replace(shown, NO_KEY)
        .replace("blackout@pve!lab", "low@pve!tok")
        .replace(join(tokens, "api-token"), join(tokens, "api-token-low")),
    );
    const { code, out } = await runCli(["check", file]);
    await lab.control("lab-pve", { part: "bmc", node: "pve2", working: true });
    expect(code).toBe(4);
    expect(line(out, "bmc", "pve2")).toMatch(/^ {2}x .*BMC/u);
    expect(line(out, "ssh", "pve1")).toContain(shown);
    expect(line(out, "rights", "low@pve!tok")).toMatch(/^ {2}x .*Sys\.Audit is not granted/u);
    expect(out).toContain(`host_key: ${shown}`);
    // The other cluster is as well as before.
    expect(out).toContain("A run would be allowed");
  });

  it("exits 2 when only the inventory is wrong about the cluster's timers, with what to write", async () => {
    const file = await spoilt(inventory.replace("token_ms: 3000", "token_ms: 1000"));
    const { code, out } = await runCli(["check", file, "-c", "lab-pve"]);
    expect(code).toBe(2);
    expect(line(out, "settings", "lab-pve")).toMatch(/^ {2}x .*token 3s/u);
    expect(out).toMatch(/corosync:\n +token: 3s\n +token_coefficient: 650ms/u);
  });

  it("exits 2 for a token that is refused, and never shows it", async () => {
    const tokens = join(dirname(lab.inventoryPath), "lab-pve");
    const secret = readFileSync(join(tokens, "api-token-low"), "utf8").trim();
    const file = await spoilt(
      inventory.replace(join(tokens, "api-token"), join(tokens, "api-token-low")),
    );
    const { code, out, err } = await runCli(["check", file, "-c", "lab-pve"]);
    expect(code).toBe(2);
    expect(out).toContain("401");
    expect(out + err).not.toContain(secret);
  });

  it("refuses a cluster that the inventory lacks", async () => {
    const { code, err } = await runCli(["check", lab.inventoryPath, "--cluster", "lab-pvf"]);
    expect(code).toBe(2);
    expect(err).toContain("lab-pve, lab-k8s");
  });

  it("ends in time, with exit 2, when API and nodes take connections and say nothing", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const key = join(dirname(lab.inventoryPath), "lab-k8s", "ssh-key");
    const file = await spoilt(`
clusters:
  silent:
    kind: kubernetes
    armed: true
    api:
      servers: ["https://127.0.0.1:${port}"]
      auth: { kind: token, token: file:${key} }
      tls: insecure
    nodes:
      worker1: { address: 127.0.0.1, ssh: { port: ${port}, key: "file:${key}", host_key: insecure } }
`);
    const { code, out } = await inTime(["check", file]);
    for (const socket of sockets) socket.destroy();
    server.close();
    expect(code).toBe(2);
    expect(line(out, "api", `https://127.0.0.1:${port}`)).toMatch(/^ {2}x /u);
    expect(line(out, "ssh", "worker1")).toMatch(/^ {2}x /u);
  });
});
