import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reportsSite } from "../../../src/cli/web/reports-site.ts";
import { runCli } from "../../support/run-cli.ts";

describe("blackout run --ui", () => {
  it("touches nothing where its port is taken, and says so", async () => {
    const other = createServer();
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const folder = await mkdtemp(join(tmpdir(), "blackout-ui-"));
    const run = ["run", "experiments/thesis-failover.yaml", "-o", folder, "--ui", `${port}`];
    try {
      const { code, err } = await runCli(run);
      expect(code).toBe(2);
      expect(err).toMatch(
        new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${port}.*name another port`, "u"),
      );
      expect(await readdir(folder)).toEqual([]);
    } finally {
      other.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each(["65536", "-1", "http", "1.5"])("takes no port %s", async (port) => {
    const { code, err } = await runCli(["run", "experiments/thesis-failover.yaml", `--ui=${port}`]);
    expect([code, err]).toEqual([2, expect.stringContaining("It must be a port")]);
  });
});

describe("reportsSite", () => {
  const site = reportsSite("reports");
  const get = async (path: string): Promise<Response> => await site.request(path);

  it("lists the runs of a folder with their verdicts", async () => {
    const response = await get("/");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(await response.text()).toContain('<a href="/runs/sample">sample</a>');
  });

  it("shows a report, in which no script would run", async () => {
    const response = await get("/runs/sample");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; .*sandbox$/u,
    );
    expect(await response.text()).toContain("<!doctype html>");
  });

  it.each([
    "/runs/..%2f..%2fpackage.json",
    "/runs/%2e%2e%2f",
    "/runs/other",
    "/runs/",
    "/runs/sample%2freport.html",
  ])("has no run at %s", async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it("compares two runs, and needs both", async () => {
    const response = await get("/compare?run=sample&against=sample");
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/<h1>.* against .*<\/h1>/u);
    expect((await get("/compare?run=sample")).status).toBe(404);
    expect((await get("/compare?run=sample&against=..")).status).toBe(404);
  });
});
