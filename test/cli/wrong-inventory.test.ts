import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LabProcess } from "../../src/cli/lab-process.ts";
import { labSpec, only, startTestLab } from "../support/lab-child.ts";
import type { Finished } from "../support/run-cli.ts";
import { runCli } from "../support/run-cli.ts";

/** A good experiment against a good inventory of a running lab; each test spoils one thing. */
describe("blackout run with a wrong file", () => {
  let lab: LabProcess;
  let folder: string;
  let inventory: string;

  beforeAll(async () => {
    lab = await startTestLab(await labSpec(only("proxmox")));
    folder = await mkdtemp(join(tmpdir(), "blackout-wrong-"));
    inventory = await readFile(lab.inventoryPath, "utf8");
  });
  afterAll(async () => {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const experiment = `
title: one failover
seed: 1
arms:
  guest:
    cluster: lab-pve
    trials: 1
    desktop: { kind: proxmox, source: { kind: clone, template: 9000 }, reach: guest }
    fault: { kind: power, action: off, over: ipmi }
`;

  async function run(
    change: { readonly inventory?: string; readonly experiment?: string },
    environment = {},
    words: readonly string[] = [],
  ): Promise<Finished> {
    const files = { inventory: join(folder, "inventory.yaml"), experiment: join(folder, "x.yaml") };
    await writeFile(files.inventory, change.inventory ?? inventory);
    await writeFile(files.experiment, change.experiment ?? experiment);
    const output = join(folder, "reports");
    return await runCli(
      ["run", files.experiment, "--inventory", files.inventory, "-o", output, ...words],
      environment,
    );
  }

  /** One clear message with file, line and column, exit code 2, and no run folder. */
  async function expectRefused(finished: Finished, ...words: readonly string[]): Promise<void> {
    expect(finished.err).toMatch(/^error: \S+\.yaml:\d+:\d+: /u);
    for (const word of words) expect(finished.err).toContain(word);
    expect(finished.code).toBe(2);
    await expect(readFile(join(folder, "reports"))).rejects.toThrow("ENOENT");
  }

  it("names an unknown key and the nearest allowed one", async () => {
    const spoilt = experiment.replace("trials:", "trails:");
    await expectRefused(await run({ experiment: spoilt }), "trails", "trials");
  });

  it("names a bad duration and what one looks like", async () => {
    const spoilt = `${experiment}    cooldown: 90\n`;
    await expectRefused(await run({ experiment: spoilt }), "cooldown", "90s");
  });

  it("names an unknown cluster and those that there are", async () => {
    const spoilt = experiment.replace("cluster: lab-pve", "cluster: lab-pvf");
    await expectRefused(await run({ experiment: spoilt }), "lab-pvf", "lab-pve");
  });

  it("names the node whose BMC is missing", async () => {
    const spoilt = inventory.replace(/bmc:\n( {10}.*\n)+/u, "bmc: null\n");
    expect(spoilt).not.toBe(inventory);
    await expectRefused(await run({ inventory: spoilt }), "pve1", "bmc");
  });

  it("names the secret that is not set, never its value", async () => {
    const spoilt = inventory.replace(
      /token_secret:\n {8}kind: file\n {8}path: .*\n/u,
      "token_secret:\n        kind: env\n        name: BLACKOUT_TEST_UNSET\n",
    );
    expect(spoilt).not.toBe(inventory);
    await expectRefused(await run({ inventory: spoilt }), "BLACKOUT_TEST_UNSET");
  });

  it("names the API that cannot be reached", async () => {
    const spoilt = inventory.replaceAll(/(url: https:\/\/[\d.]+):8006/gu, "$1:8007");
    await expectRefused(await run({ inventory: spoilt }), "8007");
  });

  it("names the token that is refused", async () => {
    const spoilt = inventory.replace(/token_secret:\n {8}kind: file\n {8}path: .*\n/u, (text) =>
      text.replace(/kind: file\n {8}path: .*/u, "kind: env\n        name: BLACKOUT_TEST_TOKEN"),
    );
    const secret = "11111111-2222-3333-4444-555555555555";
    const finished = await run({ inventory: spoilt }, { BLACKOUT_TEST_TOKEN: secret });
    await expectRefused(finished, "401", "api.token_secret");
    expect(finished.err).not.toContain(secret);
  });

  it("under --strict refuses an inventory, and a secret, that others may read", async () => {
    const file = join(folder, "inventory.yaml");
    await writeFile(file, inventory, { mode: 0o644 });
    await chmod(file, 0o644);
    const open = await run({}, {}, ["--strict"]);
    expect(open.code).toBe(2);
    expect(open.err).toContain(`run: chmod 600 ${file}`);
    await chmod(file, 0o600);
    const [, token = ""] = /path: (.*api-token)\n/u.exec(inventory) ?? [];
    await chmod(token, 0o640);
    const secret = await run({}, {}, ["--strict"]);
    await chmod(token, 0o600);
    expect(secret.code).toBe(2);
    expect(secret.err).toContain(`run: chmod 600 ${token}`);
    expect(secret.err).not.toContain(await readFile(token, "utf8"));
  });

  it("names the CA that did not sign the server's certificate", async () => {
    const other = join(import.meta.dirname, "../fixtures/pve-api/other-ca.pem");
    const spoilt = inventory.replace(/path: .*ca\.pem/u, `path: ${other}`);
    expect(spoilt).not.toBe(inventory);
    await expectRefused(await run({ inventory: spoilt }), "certificate");
  });

  it("names the cluster that is not the one pinned", async () => {
    const spoilt = inventory.replace(/ca_fingerprint: \S\S/u, "ca_fingerprint: 00");
    await expectRefused(await run({ inventory: spoilt }), "another cluster");
  });

  it("runs arms that name another cluster on the one that --cluster names, if there is one", async () => {
    const file = join(folder, "elsewhere.yaml");
    await writeFile(file, experiment.replace("lab-pve", "somebody-elses"));
    await writeFile(join(folder, "inventory.yaml"), inventory);
    const plan = async (...words: readonly string[]): Promise<Finished> =>
      await runCli(["plan", file, "--inventory", join(folder, "inventory.yaml"), ...words]);
    expect((await plan()).err).toContain('"somebody-elses" is not a cluster of');
    const there = await plan("--cluster", "lab-pve");
    expect(there.err).toBe("");
    expect(there.out).toContain("guest: 1 trial on lab-pve");
    const nowhere = await plan("--cluster", "lab-pvc");
    expect(nowhere.err).toContain("--cluster lab-pvc:");
    expect(nowhere.err).toContain("it has lab-pve");
    expect(nowhere.code).toBe(2);
  });
});
