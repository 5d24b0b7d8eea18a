import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hooksHere } from "../../src/cli/hook-runner.ts";
import type { HookEnd } from "../../src/contracts/hook-runner.ts";
import { programsHere } from "../../src/faults/command/run-in-group.ts";
import { SecretScrubber } from "../../src/platform/secret-scrubber.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { requires } from "../support/requires.ts";

const needed = requires({ curl: "curl" });
const docs = readFileSync(new URL("../../docs/hooks.md", import.meta.url), "utf8");
const [silence = "", tell = ""] = [...docs.matchAll(/```sh\n([\s\S]*?)```/gu)].map(
  ([, text = ""]) => text,
);

/** The programs of docs/hooks.md as they stand there, with real curl, against a server that takes note. */
describe.skipIf(needed.skip)(`the documented hooks${needed.note}`, () => {
  const asked: { readonly what: string; readonly body: unknown }[] = [];
  let folder = "";
  let server: Server;
  let url = "";

  beforeEach(async () => {
    asked.length = 0;
    folder = mkdtempSync(join(tmpdir(), "blackout-hooks-"));
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const body: unknown = text === "" ? null : JSON.parse(text);
        asked.push({ what: `${request.method} ${request.url}`, body });
        response.end('{"silenceID":"d8f1-77"}');
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
    });
    rmSync(folder, { recursive: true });
  });

  async function run(text: string, facts: Readonly<Record<string, string>>): Promise<HookEnd> {
    const program = join(folder, "program");
    writeFileSync(program, text, { mode: 0o755 });
    const runner = hooksHere({
      programs: programsHere(new SystemClock()),
      environment: { PATH: process.env["PATH"], ALERTMANAGER: url, WEBHOOK: `${url}/secret` },
      scrubber: new SecretScrubber(),
      folder,
    });
    const pass = ["ALERTMANAGER", "WEBHOOK"];
    const hook = { command: [program], limit_ms: 30_000, required: true, pass };
    return await runner.run(hook, facts, new AbortController().signal);
  }
  const ofRun = { RUN: "run-1", CLUSTER: "office-pve" };

  it("silence: sets one for the cluster that ends by itself, and lifts the very same", async () => {
    expect(await run(silence, { ...ofRun, HOOK: "before_run" })).toMatchObject({ ok: true });
    expect(await run(silence, { ...ofRun, HOOK: "after_run" })).toMatchObject({ ok: true });
    expect(asked.map(({ what }) => what)).toEqual([
      "POST /api/v2/silences",
      "DELETE /api/v2/silence/d8f1-77",
    ]);
    const body = asked[0]?.body as Record<"startsAt" | "endsAt", string>;
    expect(body).toMatchObject({
      matchers: [{ name: "cluster", value: "office-pve", isRegex: false, isEqual: true }],
      comment: "run-1",
    });
    expect(Date.parse(body.endsAt) - Date.parse(body.startsAt)).toBeGreaterThan(3.9 * 3_600_000);
  });

  it("silence: fails where none could be set, so that the run is refused; then there is none to lift", async () => {
    url = "http://127.0.0.1:1";
    expect(await run(silence, { ...ofRun, HOOK: "before_run" })).toMatchObject({ ok: false });
    expect(await run(silence, { ...ofRun, HOOK: "after_run" })).toMatchObject({ ok: true });
  });

  it("tell: says what begins, and how it ended", async () => {
    const trial = { ...ofRun, TRIAL: "001-a-1" };
    const end = { END: "completed", RESTORED: "yes", VICTIM: "pve2" };
    await run(tell, { ...ofRun, HOOK: "before_run" });
    await run(tell, { ...trial, HOOK: "before_trial" });
    await run(tell, { ...trial, ...end, HOOK: "after_trial" });
    await run(tell, { ...ofRun, END: "interrupted", HOOK: "after_run" });
    expect(asked.map(({ what, body }) => [what, (body as { text: string }).text])).toEqual([
      ["POST /secret", "run-1 begins on office-pve"],
      ["POST /secret", "001-a-1 begins on office-pve"],
      ["POST /secret", "001-a-1 on office-pve: completed, victim pve2, restored: yes"],
      ["POST /secret", "run-1: interrupted"],
    ]);
  });
});
