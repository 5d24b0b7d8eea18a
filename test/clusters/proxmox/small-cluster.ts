/* eslint-disable complexity -- a table of answers reads best in one place */
import type { Answering } from "./fake-api.ts";
import { missing } from "./fake-api.ts";

interface SmallVm {
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
  master = "pv7";
  readonly answer: Answering = (call, _host, form) => {
    const [method = "", path = ""] = call.split(" ");
    const input = Object.fromEntries(new URLSearchParams(form));
    const parts = path.split("/").slice(1);
    if (parts[0] === "nodes") return this.#node(method, parts, input);
    if (path === "/version") return { version: "9.2.11" };
    if (path === "/cluster/nextid") return "101";
    if (path === "/cluster/config/nodes") throw missing("Method not implemented");
    if (path === "/cluster/status") return this.#status();
    if (path === "/cluster/resources") return this.#resources(input["type"] ?? "vm");
    if (path === "/cluster/ha/status/manager_status") return this.#manager();
    if (path.startsWith("/cluster/ha/resources")) return this.#ha(method, parts[3] ?? null, input);
    throw new Error(`nobody should ask ${call}`);
  };

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
    if (type === "storage") return [{ storage: "ceph", node: "pv7", shared: 1 }];
    return [...this.vms].map(([vmid, each]) => ({
      vmid,
      node: each.node,
      name: each.name,
      type: "qemu",
      status: each.running ? "running" : "stopped",
      template: each.template ? 1 : 0,
    }));
  }

  #manager(): unknown {
    const services = [...this.ha].map(([sid, { state = "" }]) => {
      const found = this.vms.get(Number(sid.slice(3)));
      return [
        sid,
        { state, node: found?.node ?? "pv7", uid: "u1", running: found?.running === true ? 1 : 0 },
      ];
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

  #ha(method: string, sid: string | null, input: Ha): unknown {
    if (input["failback"] !== undefined && !this.knowsFailback) {
      throw Object.assign(missing("Parameter verification failed."), {
        errors: { failback: "property is not defined in schema" },
      });
    }
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
    if (found?.node !== node) {
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

const vm = (node: string, name: string, changed: Partial<SmallVm> = {}): SmallVm => ({
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
