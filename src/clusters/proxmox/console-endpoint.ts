import { OperatingError } from "../../base/errors.ts";
import { between, inSeconds, type Instant } from "../../base/time.ts";
import { addressOf } from "../../clients/shared/api-address.ts";
import { parse } from "../../clients/shared/parse.ts";
import { clusterStatus, vmResources, vncProxy } from "../../clients/proxmox/replies.ts";
import type { Trust } from "../../clients/shared/trust.ts";
import type { ConsoleTicket, TicketEndpoint } from "../../contracts/endpoint.ts";
import type { ApiHost } from "../../model/inventory.ts";
import { onlineNodes, sidOf } from "../../clients/proxmox/calls.ts";
import { readCurrent } from "./current.ts";
import type { Session } from "./session.ts";
import { mayAskNode } from "./whereabouts.ts";

/** Each ticket is a task on the cluster (DESIGN section 6). */
const MINIMUM_PERIOD_MS = 1000;
/** What the observer saw this lately is not asked again. */
const LOOK_SERVES_SECONDS = 3;
/** QEMU may be restarted without the service's uid changing, so that its name is asked for again after this. */
const INSTANCE_SERVES_SECONDS = 10;
/** VNC uses no more of a password. */
const VNC_PASSWORD_LENGTH = 8;

interface KnownInstance {
  readonly key: string;
  readonly instance: string;
  readonly at: Instant;
}

/** PVE's own console through a surviving API host: each attempt asks where the VM is, then for a ticket, at one host. */
export function consoleEndpoint(session: Session, vmid: number): TicketEndpoint {
  let known: KnownInstance | null = null;
  return {
    kind: "ticket",
    minimum_period_ms: MINIMUM_PERIOD_MS,
    address: () => addressOf(session.api.nextHost()),
    open: async (signal) => {
      const host = session.api.nextHost();
      const way = await findWay(session, vmid, host, signal);
      const ticket = await askForTicket(session, { vmid, node: way.node, host }, signal);
      const key = `${way.node} ${way.uid}`;
      if (!stillServes(known, key, session)) {
        const instance = await instanceOn(session, { vmid, host, ...way }, signal);
        if (instance !== null) known = { key, instance, at: session.clock.now() };
      }
      // Of a node that may not be asked, what it said last still holds as long as the service has not moved.
      return { ...ticket, instance: known?.key === key ? known.instance : null };
    },
  };
}

interface Way {
  readonly node: string;
  /** Changes at each move of the service; empty while it is not known. */
  readonly uid: string;
  readonly online: ReadonlySet<string>;
}

/** The node of the VM, by the same host that is then asked for the ticket. Rejects where that node is gone. */
async function findWay(
  session: Session,
  vmid: number,
  host: ApiHost,
  signal: AbortSignal,
): Promise<Way> {
  const resources = await session.api.call(
    { method: "GET", path: "/cluster/resources", parameters: { type: "vm" }, host },
    signal,
  );
  const vms = parse(vmResources, resources.data, "GET /cluster/resources");
  const node = vms.find((vm) => vm.vmid === vmid)?.node;
  if (node === undefined) {
    throw new OperatingError("rejected", `Cannot open a console as there is no VM: it is ${vmid}`);
  }
  const { online, uid } = await membership(session, vmid, host, signal);
  if (!online.has(node)) {
    throw new OperatingError(
      "unreachable",
      `Cannot open a console of VM ${vmid} as there is no way in: node ${node} is offline`,
      { facts: { vmid, node } },
    );
  }
  return { node, uid, online };
}

async function membership(
  session: Session,
  vmid: number,
  host: ApiHost,
  signal: AbortSignal,
): Promise<Pick<Way, "online" | "uid">> {
  const { latestLook } = session.memory;
  const age =
    latestLook === null
      ? Infinity
      : inSeconds(between(latestLook.during.latest, session.clock.now()));
  if (latestLook !== null && age <= LOOK_SERVES_SECONDS) {
    const service = latestLook.manager.manager_status.service_status[sidOf(vmid)];
    return { online: latestLook.online, uid: service?.uid ?? "" };
  }
  const status = await session.api.call({ method: "GET", path: "/cluster/status", host }, signal);
  return { online: onlineNodes(parse(clusterStatus, status.data, "GET /cluster/status")), uid: "" };
}

/** The node is only a name here: the host that is asked opens the port itself, and reaches the VM's node over SSH. */
async function askForTicket(
  session: Session,
  where: { readonly vmid: number; readonly node: string; readonly host: ApiHost },
  signal: AbortSignal,
): Promise<Omit<ConsoleTicket, "instance">> {
  const { vmid, node, host } = where;
  const paths = session.api.paths(signal, host);
  const data: unknown = await paths.nodes.$(node).qemu.$(vmid).vncproxy.$post({ websocket: true });
  const { ticket, port, password } = parse(vncProxy, data, "POST vncproxy");
  const query = `port=${encodeURIComponent(port)}&vncticket=${encodeURIComponent(ticket)}`;
  const base = host.url.replace(/^http/, "ws").replace(/\/+$/, "");
  return {
    websocket_url: `${base}/api2/json/nodes/${node}/qemu/${vmid}/vncwebsocket?${query}`,
    headers: { Authorization: await session.api.authorization() },
    vnc_password: password ?? ticket.slice(0, VNC_PASSWORD_LENGTH),
    ...trustOf(await session.api.trust()),
  };
}

function trustOf(trust: Trust): Pick<ConsoleTicket, "ca_pem" | "fingerprint"> {
  return {
    ca_pem: trust.kind === "ca" ? trust.pem : null,
    fingerprint: trust.kind === "fingerprint" ? trust.fingerprint : null,
  };
}

function stillServes(known: KnownInstance | null, key: string, session: Session): boolean {
  if (known?.key !== key) return false;
  return inSeconds(between(known.at, session.clock.now())) <= INSTANCE_SERVES_SECONDS;
}

/** Not worth losing an attempt over: a node that does not tell leaves the instance unknown. */
async function instanceOn(
  session: Session,
  where: Way & { readonly vmid: number; readonly host: ApiHost },
  signal: AbortSignal,
): Promise<string | null> {
  if (!mayAskNode(session, where.node, where.online)) return null;
  try {
    return (await readCurrent(session, where, signal, where.host)).instance;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
