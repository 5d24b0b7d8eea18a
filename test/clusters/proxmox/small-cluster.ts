/* eslint-disable complexity -- a table of answers reads best in one place */
import type { Answering } from "./fake-api.ts";
import { missing } from "./fake-api.ts";

interface SmallVm {
  type: "qemu" | "lxc";
  node: string;
  name: string;
  running: boolean;
  template: boolean;
  pid: number;
  config: Record<string, string>;
}

type Ha = Record<string, string>;

/** Just enough of a PVE cluster to see what a driver does to it: no time, no failures of its own. */
export class SmallCluster {
  readonly online = new Set(["pv7", "pv8", "pv9"]);
  readonly vms = new Map<number, SmallVm>([
    [9000, vm("pv7", "template", { template: true })],
    [200, vm("pv9", "mine", { running: true })],
  ]);
  readonly ha = new Map<string, Ha>();
  /** Set: PVE 8, which does not know `failback`. */
  knowsFailback = true;
  /** Services in HA's state `error`, with how many more looks at the CRM they stay in it once they are disabled. */
  readonly failed = new Map<string, number>();
  master = "pv7";
  pool: string | null = null;
  /** As the documented roles give them. */
  rights: unknown = { "/vms": { "VM.Audit": 1 }, "/vms/9000": { "VM.Audit": 1, "VM.Clone": 1 } };
  /** Seconds. */
  uptimes: Record<string, number> = { pv7: 6353, pv8: 6353, pv9: 6353 };
  readonly answer: Answering = (call, _host, form) => {
    const [method = "", path = ""] = call.split(" ");
    const input = Object.fromEntries(new URLSearchParams(form));
    const parts = path.split("/").slice(1);
    if (parts[0] === "nodes") return this.#node(method, parts, input);
    if (path === "/version") return { version: "9.2.11" };
    if (path === "/access/permissions") return this.rights;
    if (path === "/cluster/nextid") return "101";
    if (path === "/cluster/config/nodes") throw missing("Method not implemented");
    if (path.startsWith("/pools")) return this.#pool(method, input);
    if (path === "/cluster/config/qdevice") return {};
    if (path === "/cluster/ceph/status") throw missing("binary not installed: /usr/bin/ceph-mon");
    if (path === "/cluster/status") return this.#status();
    if (path === "/cluster/resources") return this.#resources(input["type"] ?? "vm");
    if (path === "/cluster/ha/status/manager_status") return this.#manager();
    if (path.startsWith("/cluster/ha/resources")) return this.#ha(method, parts[3] ?? null, input);
    throw new Error(`nobody should ask ${call}`);
  };

  /** The only one there is. */
  #pool(method: string, input: Ha): unknown {
    if (method === "POST" || method === "PUT") this.pool = input["comment"] ?? "";
    if (this.pool === null) throw missing("pool 'blackout-lock' does not exist");
    const comment = this.pool;
    if (method === "DELETE") this.pool = null;
    return method === "GET" ? { comment, members: [] } : null;
  }

  #status(): unknown {
    return [
      { type: "cluster", name: "labc", quorate: 1 },
      ...["pv7", "pv8", "pv9"].map((name, index) => ({
        type: "node",
        name,
        nodeid: index + 1,
        online: this.online.has(name) ? 1 : 0,
      })),
    ];
  }

  #resources(type: string): unknown {
    if (type === "node") {
      return [...this.online].map((node) => ({ node, type: "node", uptime: this.uptimes[node] }));
    }
    if (type === "storage") return [{ storage: "ceph", node: "pv7", shared: 1 }];
    return [...this.vms].map(([vmid, each]) => ({
      vmid,
      node: each.node,
      name: each.name,
      type: each.type,
      status: each.running ? "running" : "stopped",
      template: each.template ? 1 : 0,
    }));
  }

  #manager(): unknown {
    const services = [...this.ha].map(([sid, { state = "" }]) => {
      const found = this.vms.get(Number(sid.slice(3)));
      const node = found?.node ?? "pv7";
      const running = found?.running === true ? 1 : 0;
      return [sid, { state: this.#seen(sid, state), node, uid: "u1", running }];
    });
    return {
      manager_status: {
        master_node: this.master,
        node_status: { pv7: "online", pv8: "online", pv9: "online" },
        service_status: Object.fromEntries(services) as unknown,
        timestamp: 1795319414,
      },
      lrm_status: {
        pv7: { state: "active", mode: "active", timestamp: 1795319420 },
        pv8: { state: "active", mode: "active", timestamp: 1795319420 },
        pv9: { state: "active", mode: "active", timestamp: 1795319420 },
      },
    };
  }

  /** A service that was disabled is `stopped` for the CRM. */
  #seen(sid: string, wanted: string): string {
    const looks = this.failed.get(sid);
    if (looks === undefined) return wanted === "disabled" ? "stopped" : wanted;
    if (wanted !== "disabled") return "error";
    if (looks > 0) this.failed.set(sid, looks - 1);
    else this.failed.delete(sid);
    return looks > 0 ? "error" : "stopped";
  }

  #refuseHa(method: string, sid: string, input: Ha): void {
    if (!this.knowsFailback) {
      if (input["failback"] !== undefined) {
        throw Object.assign(missing("Parameter verification failed."), {
          errors: { failback: "property is not defined in schema" },
        });
      }
      if ((input["delete"] ?? "").split(",").includes("failback")) {
        throw missing("update resource failed: no such option 'failback'");
      }
    }
    if (method === "PUT" && this.failed.has(sid) && input["state"] !== "disabled") {
      throw missing(`service '${sid}' in error state, must be disabled and fixed first`);
    }
  }

  #ha(method: string, sid: string | null, input: Ha): unknown {
    this.#refuseHa(method, sid ?? "", input);
    const id = sid ?? input["sid"] ?? "";
    if (method === "POST") {
      const { sid: _sid, ...settings } = input;
      this.ha.set(id, settings);
    }
    const there = this.ha.get(id);
    if (there === undefined) throw missing(`no such resource '${id}'`);
    if (method === "DELETE") this.ha.delete(id);
    if (method === "PUT") this.ha.set(id, withChanges(there, input));
    const found = this.vms.get(Number(id.slice(3)));
    const wanted = this.ha.get(id)?.["state"];
    if (found !== undefined && method !== "GET" && method !== "DELETE") {
      found.running = wanted === "started";
    }
    return method === "GET" ? { sid: id, type: "vm", ...there } : null;
  }

  #node(method: string, parts: readonly string[], input: Ha): unknown {
    const [, node = "", kind, id, verb, detail] = parts;
    if (!this.online.has(node)) throw new Error(`a dead node was asked: ${parts.join("/")}`);
    if (kind === "tasks") return { status: "stopped", exitstatus: "OK" };
    const found = this.vms.get(Number(id));
    if (found?.node !== node || found.type !== kind) {
      throw missing(`Configuration file 'nodes/${node}/qemu-server/${id}.conf' does not exist`);
    }
    switch (`${method} ${verb ?? ""} ${detail ?? ""}`.trim()) {
      case "POST clone": {
        const config = { description: input["description"] ?? "" };
        const target = input["target"] ?? node;
        this.vms.set(Number(input["newid"]), vm(target, input["name"] ?? "", { config }));
        return task(node, "qmclone");
      }
      case "GET config":
        return { name: found.name, ...found.config };
      case "GET status current":
        return found.running
          ? { status: "running", pid: found.pid, uptime: 80, vmid: Number(id) }
          : { status: "stopped" };
      case "POST status stop":
        found.running = false;
        return task(node, "qmstop");
      case "POST status start":
        found.running = true;
        return task(node, "qmstart");
      case "POST vncproxy":
        return { ticket: "PVEVNC:abc/+==", port: "5900", user: "lab@pve!tool" };
      case "DELETE":
        if (found.running) throw missing(`VM ${id ?? ""} is running - destroy failed`);
        this.vms.delete(Number(id));
        return task(node, "qmdestroy");
      default:
        throw new Error(`nobody should ask ${method} ${parts.join("/")}`);
    }
  }
}

function withChanges(there: Ha, { delete: unset = "", ...changes }: Ha): Ha {
  const kept = Object.entries(there).filter(([key]) => !unset.split(",").includes(key));
  return { ...Object.fromEntries(kept), ...changes };
}

export const vm = (node: string, name: string, changed: Partial<SmallVm> = {}): SmallVm => ({
  type: "qemu",
  node,
  name,
  running: false,
  template: false,
  pid: 374,
  config: { scsi0: "ceph:vm-disk-0" },
  ...changed,
});

const task = (node: string, type: string): string =>
  `UPID:${node}:000001B8:0009BA91:6B02668C:${type}:101:lab@pve!tool:`;
