import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seconds } from "../../src/base/time.ts";
import { driverOver } from "../../src/clusters/proxmox/create-proxmox-driver.ts";
import type { DesktopRequest } from "../../src/contracts/cluster-driver.ts";
import type { Placement, ProxmoxDesktop } from "../../src/model/experiment.ts";
import type { LockNote } from "../../src/model/lock.ts";
import type { Answering } from "../clusters/proxmox/fake-api.ts";
import { fakeApi, sessionOf } from "../clusters/proxmox/fake-api.ts";
import { SmallCluster } from "../clusters/proxmox/small-cluster.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/proxmox.md"), "utf8");
const never = new AbortController().signal;
const guest = {
  kind: "guest",
  address: null,
  port: 6080,
  page: "/vnc.html",
  websocket: "/websockify",
} as const;

const note: LockNote = {
  format: 1,
  run: "r1",
  owner: "ada@bench, process 4711",
  taken: "2026-11-22T03:50:22.000Z",
  renewed: "2026-11-22T03:50:22.000Z",
  expires: "2026-11-22T03:52:22.000Z",
  ttl_ms: 120_000,
  owed: [],
};

/** `POST /nodes/{node}/qemu/{vmid}/status/stop`, as the page writes it. */
const templateOf = (call: string): string =>
  (call.split(" ").slice(1, 3).join(" ") || call)
    .replace(/\/nodes\/[^/]+/, "/nodes/{node}")
    .replace(/\/qemu\/\d+\/clone/, "/qemu/{template}/clone")
    .replace(/\/qemu\/\d+/, "/qemu/{vmid}")
    .replace(/\/tasks\/UPID[^/]+/, "/tasks/{upid}")
    .replace(/\/ha\/resources\/vm:\d+/, "/ha/resources/{sid}");

/** Every call that the driver makes in a trial with a clone, and in one with an existing VM that has to be moved. */
async function callsOfTwoTrials(): Promise<ReadonlySet<string>> {
  const clock = new VirtualClock("2026-11-22T03:50:22.000Z");
  const cluster = new SmallCluster();
  const answer: Answering = (call, host, form) => {
    if (call === "GET /cluster/tasks") return [];
    if (call.endsWith("/agent/network-get-interfaces")) {
      const address = { "ip-address": "192.0.2.7", "ip-address-type": "ipv4" };
      return { result: [{ name: "eth0", "ip-addresses": [address] }] };
    }
    if (call.startsWith("PUT /nodes/")) return null;
    if (call.startsWith("POST /nodes/") && call.endsWith("/clone")) {
      // One that does not take the description, so that it is written afterwards.
      return cluster.answer(call, host, form.replace(/description=[^&]*&?/, ""));
    }
    const moved = cluster.vms.get(200);
    if (call.endsWith("/migrate") && moved !== undefined) {
      moved.node = new URLSearchParams(form).get("node") ?? "";
      return null;
    }
    return cluster.answer(call, host, form);
  };
  const api = fakeApi(clock, answer);
  const driver = driverOver(sessionOf(clock, api));
  const run = async <T>(promise: Promise<T>): Promise<T> => await clock.runUntilSettled(promise);

  async function trial(source: ProxmoxDesktop["source"], placement: Placement): Promise<void> {
    const spec: ProxmoxDesktop = { kind: "proxmox", source, reach: guest, vnc_password: null };
    const request: DesktopRequest = { spec, placement, run: "r1", trial: "t1", mark: "r1-t1" };
    const desktop = await run(driver.prepare(request, never));
    const { node } = await run(driver.deploy(desktop, request, never));
    await run(driver.endpoint(desktop, spec, null, never));
    const console = { ...spec, reach: { kind: "console" } as const };
    const endpoint = await run(driver.endpoint(desktop, console, null, never));
    if (endpoint.kind === "ticket") await run(endpoint.open(never));
    const watch = { victim: () => node, onEvent: () => undefined };
    await run(driver.observe(desktop, watch, clock.timeout(seconds(3))));
    await run(driver.whereabouts(desktop, never));
    await run(driver.timers(desktop, node ?? "", never));
    const made = cluster.vms.get(101);
    if (made !== undefined) made.config["description"] = "mark=r1-t1";
    await run(driver.remove(desktop, never));
  }

  await run(driver.identify(never));
  await run(driver.health(never));
  await run(driver.lock.take(note, never));
  await run(driver.lock.write(note, never));
  await run(driver.lock.release("r1", never));
  await trial({ kind: "clone", template: 9000, pool: "blackout" }, { kind: "any" });
  cluster.vms.set(200, { ...present(cluster.vms.get(200)), running: false });
  await trial({ kind: "existing", vmid: 200 }, { kind: "node", node: "pv8" });
  return new Set(api.calls.map(templateOf));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("not there");
  return value;
}

describe("docs/proxmox.md", () => {
  const documented = new Set(
    [...page.matchAll(/`((?:GET|POST|PUT|DELETE) \/[^`]*)`/g)].map(([, call = ""]) => call),
  );

  it("says which right each call of the driver needs", async () => {
    const made = await callsOfTwoTrials();
    expect(made.size).toBeGreaterThanOrEqual(24);
    expect([...made].filter((call) => !documented.has(call))).toEqual([]);
  });

  it("gives a role with each right that it names", () => {
    const granted = [...page.matchAll(/--privs "([^"]+)"/g)].flatMap(([, privileges = ""]) =>
      privileges.split(" "),
    );
    const named = [...page.matchAll(/\b(?:Sys|VM|Datastore|SDN|Pool)\.[A-Za-z.]*[a-z]/g)].map(
      ([right]) => right,
    );
    const olderOnes = ["VM.Monitor"];
    expect(named.filter((right) => !granted.includes(right) && !olderOnes.includes(right))).toEqual(
      [],
    );
    expect(granted.filter((right) => named.filter((each) => each === right).length < 2)).toEqual(
      [],
    );
  });
});
