import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exactly } from "../../../src/base/interval.ts";
import { seconds } from "../../../src/base/time.ts";
import type { Fault } from "../../../src/contracts/fault.ts";
import { createFault } from "../../../src/faults/create-fault.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { requires } from "../../support/requires.ts";
import { aCluster, strikeOn } from "../a-cluster.ts";

const needed = requires({ curl: "curl" });
const never = new AbortController().signal;

/** The program of docs/command-fault.md as it stands there, with real curl, against a strip with three outlets. */
describe.skipIf(needed.skip)(`the documented program for a PDU${needed.note}`, () => {
  const outlets = [true, true, true];
  const clock = new SystemClock();
  let folder = "";
  let strip: Server;
  let fault: Fault;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "blackout-pdu-"));
    const docs = readFileSync(new URL("../../../docs/command-fault.md", import.meta.url), "utf8");
    const text = /```sh\n(#!\/bin\/sh\n# pdu[\s\S]*?)```/u.exec(docs)?.[1] ?? "";
    const program = join(folder, "pdu");
    writeFileSync(program, text, { mode: 0o755 });
    strip = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://strip");
      const outlet = Number(pathname.replace("/relay/", ""));
      const turn = searchParams.get("turn");
      if (turn !== null) outlets[outlet] = turn === "on";
      response.end(`{"ison":${String(outlets[outlet])},"has_timer":false}`);
    });
    await new Promise<void>((resolve) => {
      strip.listen(0, "127.0.0.1", resolve);
    });
    const url = `http://127.0.0.1:${(strip.address() as AddressInfo).port}`;
    const nodes = ["pve2", "pve9"].map((name) => ({ name, address: null, ssh: null, bmc: null }));
    fault = createFault(
      { kind: "command", program, arguments: [url], leaves: "off", limit_ms: 30_000 },
      { cluster: aCluster(nodes), clock, secrets: { resolve: async () => "x" } },
    );
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      strip.close(resolve);
    });
    rmSync(folder, { recursive: true });
  });

  it("switches the right outlet off, tells so, and switches it on again, as often as it is asked", async () => {
    expect(await fault.check("pve2", never)).toEqual([]);
    const requested = exactly(clock.now());
    await fault.inject(strikeOn("pve2"), never);
    expect(outlets).toEqual([true, false, true]);
    const proof = await fault.confirm(strikeOn("pve2"), requested, clock.timeout(seconds(20)));
    expect(proof.evidence).toMatch(/power is off/u);
    expect(await fault.check("pve2", never)).toMatchObject([
      { guard: "command", saw: expect.stringContaining("outlet 1 of pve2 is not on") },
    ]);
    await fault.heal("pve2", never);
    await fault.heal("pve2", never);
    expect(outlets).toEqual([true, true, true]);
  });

  it("refuses a node whose outlet it does not know", async () => {
    expect(await fault.check("pve9", never)).toMatchObject([
      { saw: expect.stringContaining("no outlet is known for pve9") },
    ]);
  });
});
