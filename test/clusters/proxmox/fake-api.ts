import { proxmoxApi } from "proxmox-api";
import { OperatingError } from "../../../src/base/errors.ts";
import type { Duration } from "../../../src/base/time.ts";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import { ProxmoxApiError } from "../../../src/clients/proxmox/api-error.ts";
import { patience } from "../../../src/clients/proxmox/patience.ts";
import { ApiHosts } from "../../../src/clients/shared/api-hosts.ts";
import { deadlineOf } from "../../../src/clients/shared/patience.ts";
import { underDeadline } from "../../../src/clients/shared/under-deadline.ts";
import { encodeForm } from "../../../src/clients/proxmox/form.ts";
import type { ApiCall, ApiReply, ProxmoxApi } from "../../../src/clients/proxmox/proxmox-api.ts";
import { ServerClock } from "../../../src/clients/shared/server-clock.ts";
import { newMemory } from "../../../src/clusters/proxmox/memory.ts";
import type { Session } from "../../../src/clusters/proxmox/session.ts";
import type { ApiHost } from "../../../src/model/inventory.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { clusterOf } from "../../clients/proxmox/fake-pve.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";

const hosts: readonly ApiHost[] = ["pv7", "pv8", "pv9"].map((node) => ({
  url: `https://${node}:8006`,
  node,
}));

/** An answer that never comes. */
export const silence = Symbol("silence");

/** One that comes late. */
export class Late {
  readonly by: Duration;
  readonly data: unknown;

  constructor(by: Duration, data: unknown) {
    this.by = by;
    this.data = data;
  }
}

/** `GET /cluster/status`, with the form of its parameters behind it, and the host that was asked. */
export type Answering = (call: string, host: ApiHost, form: string) => unknown;

/** An API without a network: each call takes 10 ms of virtual time and is answered by `answer`, which may throw, be silent, or late. */
export function fakeApi(clock: VirtualClock, answer: Answering): ProxmoxApi & { calls: string[] } {
  const pool = new ApiHosts(hosts, clock);
  const calls: string[] = [];
  const ask = async (host: ApiHost, call: ApiCall, signal: AbortSignal): Promise<ApiReply> => {
    const earliest = clock.now();
    const form = encodeForm(call.parameters ?? {});
    calls.push(`${host.node} ${call.method} ${call.path}${form === "" ? "" : ` ${form}`}`);
    const deadline = call.deadline ?? deadlineOf(call.patience ?? patience.read, clock);
    try {
      const data = await underDeadline(signal, deadline, async (either) => {
        await clock.sleep(milliseconds(10), either);
        const said = call.path === "/version" ? {} : null;
        const given = answer(`${call.method} ${call.path}`, host, form) ?? said;
        if (given === silence) await clock.sleep(seconds(1e6), either);
        if (given instanceof Late) await clock.sleep(given.by, either);
        return given instanceof Late ? given.data : given;
      });
      pool.answered(host);
      const date = clock.wall().toUnixInteger();
      return { data, host, during: { earliest, latest: clock.now() }, date };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OperatingError && !(error instanceof ProxmoxApiError)) pool.failed(host);
      throw error;
    }
  };
  const api: ProxmoxApi & { calls: string[] } = {
    calls,
    serverClock: new ServerClock(),
    get avoided() {
      return pool.avoided;
    },
    doubt: (host) => pool.failed(host),
    avoid: (node) => pool.avoid(node),
    hosts: () => pool.inOrder(),
    nextHost: () => pool.inOrder()[0] ?? { url: "https://none", node: null },
    call: async (call, signal) => ask(call.host ?? api.nextHost(), call, signal),
    paths: (signal, host) =>
      proxmoxApi({
        doRequest: async (method, path, _template, parameters) => {
          const call: ApiCall = {
            method: method.toUpperCase() === "GET" ? "GET" : asWrite(method),
            path: path.replace("/api2/json", ""),
            parameters: parameters ?? {},
            ...(host === undefined ? {} : { host }),
          };
          return (await api.call(call, signal)).data;
        },
      }),
    trust: async () => ({ kind: "ca", pem: "PEM", fingerprint: "AA:BB" }),
    authorization: async () => "PVEAPIToken=lab@pve!tool=secret",
    close: async () => undefined,
  };
  return api;
}

export const sessionOf = (clock: VirtualClock, api: ProxmoxApi): Session => ({
  cluster: clusterOf(hosts),
  api,
  clock,
  random: new SeededRandom(1),
  secrets: { resolve: async () => "secret" },
  memory: newMemory(),
});

export const missing = (what: string): ProxmoxApiError =>
  new ProxmoxApiError(
    { host: "https://pv7:8006", method: "GET", path: "/x" },
    { status: 500, reason: what, errors: {} },
  );

function asWrite(method: string): "POST" | "PUT" | "DELETE" {
  const upper = method.toUpperCase();
  return upper === "PUT" || upper === "DELETE" ? upper : "POST";
}
