import type { ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finished } from "../support/run-cli.ts";
import { startCli } from "../support/run-cli.ts";
import { root } from "../support/lab-child.ts";

/** Shorter lines of a key's file may stand in any text. */
const SHORTEST_LINE = 12;
const environment = {
  BLACKOUT_TEST_TOKEN: "a-token-in-the-users-environment",
  BLACKOUT_TEST_WEBHOOK: "https://chat.example/hooks/very-s3cr3t",
  BLACKOUT_TEST_VNC: "vnc-pa55",
  BLACKOUT_DEBUG: "1",
};

/** One trial on each kind of cluster, with the embedded lab, hooks, and every kind of secret that a run has. */
describe("of a whole run, no secret is", { timeout: 90_000 }, () => {
  let temporary: string;
  let finished: Finished;
  /** Each with where it came from. */
  const secrets = new Map<string, string>(
    Object.entries(environment)
      .filter(([name]) => name !== "BLACKOUT_DEBUG")
      .map(([name, value]) => [value, name]),
  );
  /** What was seen of processes, each once: their arguments, and the environments of those that the tool has started. */
  const seen = { commands: new Set<string>(), environments: new Set<string>() };

  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "blackout-secrets-"));
    const file = join(temporary, "experiment.yaml");
    await writeFile(file, experiment);
    const args = [
      "run",
      file,
      "-i",
      join(root, "inventories/lab.yaml"),
      "--speed",
      "30",
      "--strict",
    ];
    const output = join(temporary, "reports");
    const tool = startCli([...args, "-o", output], { ...environment, TMPDIR: temporary });
    await watch(tool.child, tool.finished);
    finished = await tool.finished;
  }, 120_000);
  afterAll(async () => {
    await rm(temporary, { recursive: true, force: true });
  });

  async function watch(tool: ChildProcess, end: Promise<Finished>): Promise<void> {
    const state = { running: true };
    void end.then(() => (state.running = false));
    while (state.running) {
      await learnSecrets();
      for (const pid of descendants(tool.pid ?? 0)) {
        const command = ofProcess(pid, "cmdline");
        seen.commands.add(command);
        // Between fork and exec a child is still its parent's likeness.
        const own = ofProcess(tool.pid ?? 0, "cmdline");
        if (command !== own) seen.environments.add(ofProcess(pid, "environ"));
      }
      await sleep(25);
    }
  }

  /** Those of the lab lie in files to which its inventory refers, and are gone with it. */
  async function learnSecrets(): Promise<void> {
    const [lab] = (await readdir(temporary)).filter((name) => name.startsWith("blackout-lab-"));
    if (lab === undefined || secrets.size > Object.keys(environment).length) return;
    const text = await readFile(join(temporary, lab, "inventory.yaml"), "utf8").catch(() => "");
    for (const path of text === "" ? [] : secretFiles(parse(text))) {
      const secret = (await readFile(path, "utf8")).trim();
      const lines = secret.split("\n").filter((line) => !line.startsWith("-----"));
      for (const line of lines.length === 1 ? lines : lines.filter(isLong)) secrets.set(line, path);
    }
  }

  const leaked = (text: string): readonly string[] =>
    [...secrets].filter(([secret]) => text.includes(secret)).map(([, origin]) => origin);

  it("unknown to this test: tokens, a BMC's password, keys of SSH and of a client certificate", () => {
    expect(finished.err).not.toContain("error:");
    // A busy machine may make a trial void, which is not asked here.
    expect([0, 3]).toContain(finished.code);
    const kinds = new Set([...secrets.values()].map((path) => path.replace(/^.*\//u, "")));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        "BLACKOUT_TEST_TOKEN",
        "api-token",
        "bmc-password",
        "ssh-key",
        "client-key.pem",
      ]),
    );
  });

  it("in what it prints", () => {
    expect(leaked(finished.out)).toEqual([]);
    expect(leaked(finished.err)).toEqual([]);
  });

  it("in a file that it leaves, its hooks' environment among them", async () => {
    const entries = await readdir(join(temporary, "reports"), {
      recursive: true,
      withFileTypes: true,
    });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["journal.ndjson", "samples.ndjson", "plan.json", "env-after_run"]),
    );
    for (const { parentPath, name } of files) {
      expect([name, leaked(await readFile(join(parentPath, name), "utf8"))]).toEqual([name, []]);
    }
  });

  it("in the arguments of a process, or in the environment of one that it has started", () => {
    expect([...seen.commands].join("\n")).toContain("lab\0serve");
    expect([...seen.environments].join("\n")).toContain("BLACKOUT_HOOK=before_run");
    for (const text of [...seen.commands, ...seen.environments]) expect(leaked(text)).toEqual([]);
  });
});

const isLong = (line: string): boolean => line.length >= SHORTEST_LINE;

/** A program that can be seen while it runs, and leaves its environment where the test looks for secrets. */
const hook = `{ command: [sh, -c, 'env > "$BLACKOUT_REPORTS/env-$BLACKOUT_HOOK"; sleep 0.5'] }`;

const experiment = `
title: secrets
hooks: { before_run: ${hook}, after_trial: ${hook}, after_run: ${hook} }
defaults: { trials: 1, fault: power }
arms:
  pve:
    cluster: lab-pve
    desktop: { kind: proxmox, source: { kind: clone, template: 9000 }, reach: console, vnc_password: "env:BLACKOUT_TEST_VNC" }
    probe: { period: 1s }
    placement: not-crm-master
  k8s:
    cluster: lab-k8s
    desktop: { kind: kubernetes, image: registry.example/novnc-desktop:1, toleration: 1s, vnc_password: "env:BLACKOUT_TEST_VNC" }
`;

/** Every `{ kind: file, path }` in the data. */
function secretFiles(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const { kind, path } = value as { readonly kind?: unknown; readonly path?: unknown };
  return kind === "file" && typeof path === "string"
    ? [path]
    : Object.values(value).flatMap(secretFiles);
}

/** The process and all that it has started, and they. */
function descendants(pid: number): readonly number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
    );
    return [pid, ...children.map(Number).flatMap(descendants)];
  } catch {
    return [];
  }
}

function ofProcess(pid: number, what: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}
