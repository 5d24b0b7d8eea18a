import { defaultSafety } from "../../../src/model/safety.ts";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { between, inSeconds, seconds } from "../../../src/base/time.ts";
import { ProxmoxTransportError } from "../../../src/clients/proxmox/api-error.ts";
import type { ProxmoxApi } from "../../../src/clients/proxmox/proxmox-api.ts";
import { createProxmoxApi } from "../../../src/clients/proxmox/proxmox-api.ts";
import { poolLock } from "../../../src/clusters/proxmox/lock.ts";
import type { ClusterLock } from "../../../src/contracts/cluster-lock.ts";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import type { LockNote } from "../../../src/model/lock.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { createProxmoxTwin } from "../../../src/twin/proxmox/create-proxmox-twin.ts";
import type { ProxmoxTwin } from "../../../src/twin/proxmox/proxmox-twin.ts";
import { LabBench } from "../../lab/proxmox/support/lab-bench.ts";

const bench = new LabBench();
let twin: ProxmoxTwin;
let api: ProxmoxApi;
let lock: ClusterLock;

beforeAll(async () => {
  await bench.start(async (context) => {
    const { twinTime } = context;
    twinTime.catchUp();
    twin = createProxmoxTwin({
      clusterName: "labc",
      settings: defaultProxmoxSettings,
      scheduler: twinTime.queue,
      random: new SeededRandom(11),
      wallOrigin: twinTime.wallSeconds() - twinTime.queue.now() / 1e9,
    });
    return await serveProxmox({ name: "labc", bmc: "ipmi", safety: defaultSafety, twin }, context);
  });
  api = openApi("api-token", "blackout@pve!lab");
  lock = lockOver(api);
});
afterEach(async () => {
  await pools("DELETE", "/blackout-lock");
});
afterAll(async () => {
  await api.close();
  await bench.stop();
});

const openApi = (file: string, id: string): ProxmoxApi =>
  createProxmoxApi({
    cluster: { ...bench.cluster, api: { ...bench.cluster.api, token_id: id } },
    clock: bench.clock,
    secrets: {
      resolve: async () =>
        await Promise.resolve(
          readFileSync(`${bench.directory}/${bench.cluster.name}/${file}`, "utf8"),
        ),
    },
  });

const lockOver = (over: ProxmoxApi): ClusterLock =>
  poolLock({ api: over, clock: bench.clock, cluster: bench.cluster });

/** What people do to pools. */
const pools = async (method: string, below = "", body = "") =>
  await bench.ask("pve1", method, `/api2/json/pools${below}`, { body });

const limit = (length = 120): AbortSignal => bench.clock.timeout(seconds(length));

const note = (run: string, changed: Partial<LockNote> = {}): LockNote => ({
  format: 1,
  run,
  owner: "ada@bench, process 4711",
  taken: "2026-11-22T03:50:00.000Z",
  renewed: "2026-11-22T03:50:00.000Z",
  expires: "2026-11-22T03:52:00.000Z",
  ttl_ms: 120_000,
  owed: [],
  ...changed,
});

const owing = (run: string): LockNote =>
  note(run, {
    renewed: "2026-11-22T03:50:30.000Z",
    owed: [
      {
        trial: "t1",
        id: 3,
        act: "power off büro-1 at 100 %",
        undo: {
          kind: "heal-fault",
          cluster: "labc",
          victim: "pve2",
          fault: {
            kind: "command",
            program: "/usr/local/bin/pdu",
            arguments: ["--at=http://pdu/%41%2F", "ä:\n"],
            leaves: "off",
            limit_ms: 5000,
          },
        },
      },
    ],
  });

/** An API whose answer to the next such write is lost, though it was done. */
function losing(method: string): ProxmoxApi {
  let left = 1;
  const lossy: ProxmoxApi["call"] = async (call, signal) => {
    const reply = await api.call(call, signal);
    if (call.method !== method || left-- < 1) return reply;
    const { path } = call;
    throw new ProxmoxTransportError("unreachable", "the host died", {
      call: { host: reply.host.url, method, path },
      sent: "unknown",
      cause: null,
    });
  };
  return new Proxy(api, { get: (real, key) => (key === "call" ? lossy : Reflect.get(real, key)) });
}

describe("the lock of a Proxmox VE cluster", () => {
  test("is nobody's, is taken, read, renewed and given back", async () => {
    expect(lock.title).toBe("pool blackout-lock");
    expect(await lock.read(limit())).toBeNull();
    expect(await lock.take(note("r1"), limit())).toBeNull();
    expect(await lock.read(limit())).toEqual(note("r1"));
    await lock.write(owing("r1"), limit());
    expect(await lock.read(limit())).toEqual(owing("r1"));
    await lock.release("r1", limit());
    expect(await lock.read(limit())).toBeNull();
    await lock.release("r1", limit());
  });

  test("goes to exactly one of many who want it at once", async () => {
    const runs = ["r1", "r2", "r3", "r4", "r5"];
    const said = await Promise.all(runs.map(async (run) => await lock.take(note(run), limit())));
    const winner = runs.filter((_, index) => said[index] === null);
    expect(winner).toHaveLength(1);
    const holders = said.flatMap((holder) => (holder === null ? [] : [holder.run]));
    expect(holders).toEqual(Array.from({ length: 4 }, () => winner[0]));
  });

  test("tells a second run who has it, and stays as it is", async () => {
    await lock.take(note("r1"), limit());
    expect(await lock.take(owing("r2"), limit())).toEqual(note("r1"));
    expect(await lock.read(limit())).toEqual(note("r1"));
  });

  test("counts as taken when the answer that said so was lost", async () => {
    expect(await lockOver(losing("POST")).take(note("r1"), limit())).toBeNull();
    expect(await lock.read(limit())).toEqual(note("r1"));
    expect(await lock.take(note("r1"), limit())).toBeNull();
  });

  test("is refused to another process of the same run", async () => {
    await lock.take(note("r1"), limit());
    const other = note("r1", { owner: "ada@bench, process 4712" });
    expect(await lock.take(other, limit())).toEqual(note("r1"));
    expect(await lock.read(limit())).toEqual(note("r1"));
  });

  test("is written and given back again when an answer was lost", async () => {
    await lock.take(note("r1"), limit());
    await lockOver(losing("PUT")).write(owing("r1"), limit());
    expect(await lock.read(limit())).toEqual(owing("r1"));
    await lockOver(losing("DELETE")).release("r1", limit());
    expect(await lock.read(limit())).toBeNull();
  });

  test("is not written by another run, nor when nobody has it", async () => {
    await expect(lock.write(note("r1"), limit())).rejects.toMatchObject({
      code: "unsafe",
      message: expect.stringContaining("not that run's any more: nobody has it"),
    });
    await lock.take(note("r1"), limit());
    await expect(lock.write(owing("r2"), limit())).rejects.toMatchObject({
      code: "unsafe",
      message: expect.stringContaining("ada@bench, process 4711 has it for run r1"),
    });
    expect(await lock.read(limit())).toEqual(note("r1"));
  });

  test("is not given back by another run", async () => {
    await lock.take(note("r1"), limit());
    await lock.release("r2", limit());
    expect(await lock.read(limit())).toEqual(note("r1"));
  });

  test.each([
    ["somebody's own pool", "poolid=blackout-lock&comment=Machines of the lab"],
    ["a pool without a comment", "poolid=blackout-lock"],
    ["half a note", `poolid=blackout-lock&comment=${JSON.stringify(note("r1")).slice(0, -9)}`],
  ])("is unsafe where its name is borne by %s, which stays", async (_, body) => {
    await pools("POST", "", body);
    const before = (await pools("GET", "/blackout-lock")).body;
    const refused = {
      code: "unsafe",
      message: expect.stringContaining("Cannot trust pool blackout-lock of labc"),
    };
    await expect(lock.read(limit())).rejects.toMatchObject(refused);
    await expect(lock.take(note("r1"), limit())).rejects.toMatchObject(refused);
    await expect(lock.write(note("r1"), limit())).rejects.toMatchObject(refused);
    await expect(lock.release("r1", limit())).rejects.toMatchObject(refused);
    expect((await pools("GET", "/blackout-lock")).body).toEqual(before);
  });

  test("names the privilege that a token lacks, at once", async () => {
    const low = openApi("api-token-low", "low@pve!tok");
    const refused = {
      code: "denied",
      message: expect.stringContaining("(/pool/blackout-lock, Pool.Allocate)"),
    };
    await expect(lockOver(low).take(note("r1"), limit())).rejects.toMatchObject(refused);
    await expect(lockOver(low).read(limit())).rejects.toMatchObject({
      message: expect.stringContaining("(/pool/blackout-lock, Pool.Audit)"),
    });
    await low.close();
  });

  test("stops asking when its time is over", async () => {
    await pools("POST", "", "poolid=blackout-lock");
    const gone = new AbortController();
    gone.abort(new Error("enough"));
    await expect(lock.take(note("r1"), gone.signal)).rejects.toThrow("enough");
  });

  test("is written through the freeze that a node's death brings", async () => {
    await lock.take(note("r1"), limit());
    bench.twinTime.catchUp();
    twin.powerOff("pve3");
    const begun = bench.clock.now();
    await lock.write(owing("r1"), limit());
    expect(inSeconds(between(begun, bench.clock.now()))).toBeGreaterThan(6);
    expect(await lock.read(limit())).toEqual(owing("r1"));
  });

  test("says what it could not write, once its time is over, while there is no quorum", async () => {
    await lock.take(note("r1"), limit());
    bench.twinTime.catchUp();
    twin.powerOff("pve2");
    await expect(lock.write(note("r1"), limit(60))).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringContaining("Cannot write the comment of pool blackout-lock of labc"),
    });
  });
});
