import { origin } from "../../../../src/base/time.ts";
import { defaultProxmoxSettings } from "../../../../src/model/proxmox-settings.ts";
import type { EventQueue } from "../../../../src/twin/event-queue.ts";
import type { LinkName } from "../../../../src/twin/proxmox/links.ts";
import type {
  ClusterStatus,
  GuestState,
  HaResource,
  HostState,
  LrmStatus,
  ManagerStatus,
  ProxmoxTwin,
  TaskState,
  TwinEvent,
  UnitAct,
  UnitName,
  UnitState,
  VmConfig,
  VmState,
  WriteOutcome,
} from "../../../../src/twin/proxmox/proxmox-twin.ts";
import { TwinRefusal } from "../../../../src/twin/proxmox/proxmox-twin.ts";

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, "0");

export const off: GuestState = { phase: "off" };

/** The cluster of the recorded replies as a test sets it: no model, no time of its own. */
export class FakeTwin implements ProxmoxTwin {
  readonly clusterName = "labc";
  readonly settings = defaultProxmoxSettings;
  readonly nodes = ["pv7", "pv8", "pv9"].map((name, index) => ({ name, id: index + 1 }));
  readonly hosts = new Map<string, HostState>(this.nodes.map((node) => [node.name, "up"]));
  readonly offline = new Set<string>();
  readonly linksDown = new Set<string>();
  /** What it was asked for and has no model of. */
  readonly wishes: string[] = [];
  readonly #vms = new Map<number, VmState>();
  readonly #tasks: TaskState[] = [];
  readonly #listeners = new Set<(event: TwinEvent) => void>();
  readonly #queue: EventQueue;
  readonly #wall: () => number;
  #resources: HaResource[] = [];
  #frozen: (() => void)[] | null = null;
  manager: ManagerStatus;
  lrm: Record<string, LrmStatus>;

  constructor(queue: EventQueue, wallSeconds: () => number) {
    this.#queue = queue;
    this.#wall = () => Math.floor(wallSeconds());
    this.manager = {
      master: "pv7",
      wallSeconds: this.#wall() - 4,
      nodes: { pv7: "online", pv8: "online", pv9: "online" },
      services: {
        "vm:100": { state: "started", node: "pv8", uid: "u1", running: true, target: null },
      },
      maintenanceRequests: [],
      maintenanceHomes: {},
    };
    const idle: LrmStatus = {
      state: "wait_for_agent_lock",
      mode: "active",
      wallSeconds: this.#wall() - 2,
      results: {},
    };
    this.lrm = {
      pv7: idle,
      pv8: {
        ...idle,
        state: "active",
        results: { u1: { sid: "vm:100", state: "started", exitCode: 0 } },
      },
      pv9: idle,
    };
    this.#resources = [
      {
        sid: "vm:100",
        state: "started",
        failback: 0,
        maxRestart: null,
        maxRelocate: null,
        comment: null,
      },
    ];
    this.#vms.set(100, {
      vmid: 100,
      node: "pv8",
      template: false,
      guest: this.running("up"),
      config: {
        name: "lab100",
        memory: "64",
        cores: 1,
        sockets: 1,
        kvm: 0,
        onboot: 0,
        numa: 0,
        vga: "std",
        boot: "order=net0",
        ostype: "l26",
        smbios1: "uuid=5a3b0b65-9f51-4f0e-9d0c-1d6f3c9b1a00",
      },
    });
    this.#task("pv8", "qmstart", "100", "root@pam");
  }

  running(phase: "starting" | "booting" | "network" | "up"): GuestState {
    return {
      phase,
      startedAt: origin,
      startedWallSeconds: this.#wall() - 80,
      pid: 374,
      bootId: "0123abcd-0000-4000-8000-000000000000",
    };
  }

  // What tests do to it.
  setHost(node: string, state: HostState): void {
    this.hosts.set(node, state);
    if (state === "up") this.offline.delete(node);
    this.#tell({ at: this.#queue.now(), kind: "host", node, state });
  }
  setGuest(vmid: number, state: GuestState, node?: string): void {
    const vm = this.#vm(vmid);
    this.#vms.set(vmid, { ...vm, guest: state, node: node ?? vm.node });
    this.#tell({ at: this.#queue.now(), kind: "guest", vmid, node: vm.node, state });
  }
  freeze(): void {
    this.#frozen = [];
  }
  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = null;
    for (const run of waiting) run();
  }

  powerOff(node: string): void {
    this.setHost(node, "off");
  }
  powerOn(node: string): void {
    this.setHost(node, "up");
  }
  reset(node: string): void {
    this.setHost(node, "booting");
  }
  panic(node: string): void {
    this.setHost(node, "hung");
  }
  isPowered(node: string): boolean {
    return this.hosts.get(node) !== "off";
  }
  hostState(node: string): HostState {
    return this.hosts.get(node) ?? "off";
  }
  links(node: string): readonly { readonly name: LinkName; readonly up: boolean }[] {
    const names: readonly LinkName[] = ["eth0", "eth1"];
    return names.map((name) => ({ name, up: !this.linksDown.has(`${node}/${name}`) }));
  }
  setLink(node: string, name: LinkName, up: boolean): void {
    if (up) this.linksDown.delete(`${node}/${name}`);
    else this.linksDown.add(`${node}/${name}`);
    this.#tell({ at: this.#queue.now(), kind: "link", node, name, up });
  }
  unit(): UnitState {
    return { active: "active", mainPid: 700, frozen: false };
  }
  actOnUnit(node: string, name: UnitName, act: UnitAct): void {
    this.wishes.push(`${act} ${name} of ${node}`);
  }
  shutDown(node: string, action: "poweroff" | "reboot"): void {
    this.wishes.push(`${action} ${node}`);
  }
  isShuttingDown(): boolean {
    return false;
  }
  moveService(kind: "migrate" | "relocate", sid: string, target: string): void {
    this.wishes.push(`${kind} ${sid} ${target}`);
  }
  setMaintenance(node: string, enabled: boolean): void {
    this.wishes.push(`maintenance ${node} ${enabled}`);
  }
  clusterStatus(): ClusterStatus {
    const online = this.nodes.map((node) => node.name).filter((name) => !this.offline.has(name));
    return { quorate: online.length >= 2, online: new Set(online) };
  }
  managerStatus(): ManagerStatus {
    return this.manager;
  }
  lrmStatus(): Readonly<Record<string, LrmStatus>> {
    return this.lrm;
  }
  haResources(): readonly HaResource[] {
    return this.#resources;
  }
  vms(): readonly VmState[] {
    return [...this.#vms.values()];
  }
  tasks(): readonly TaskState[] {
    return this.#tasks;
  }

  write<T>(_from: string, operation: () => T, done: (outcome: WriteOutcome<T>) => void): void {
    const run = (): void => {
      try {
        done({ kind: "done", value: operation() });
      } catch (error) {
        if (!(error instanceof TwinRefusal)) throw error;
        done({ kind: "refused", error });
      }
    };
    if (this.#frozen === null) run();
    else this.#frozen.push(run);
  }

  addHaResource(resource: HaResource): void {
    this.#resources.push(resource);
  }
  updateHaResource(sid: string, changes: Partial<Omit<HaResource, "sid">>): void {
    this.#resources = this.#resources.map((each) =>
      each.sid === sid ? { ...each, ...changes } : each,
    );
  }
  removeHaResource(sid: string): void {
    this.#resources = this.#resources.filter((each) => each.sid !== sid);
  }
  createVm(
    node: string,
    vm: { readonly vmid: number; readonly config: VmConfig; readonly template: boolean },
  ): TaskState {
    this.#vms.set(vm.vmid, { ...vm, node, guest: off });
    return this.#task(node, "qmcreate", String(vm.vmid), "blackout@pve!lab");
  }
  cloneVm(
    node: string,
    source: number,
    target: { readonly vmid: number; readonly name: string; readonly node: string },
    user: string,
  ): TaskState {
    const config = { ...this.#vm(source).config, name: target.name };
    this.#vms.set(target.vmid, { ...target, template: false, config, guest: off });
    return this.#task(node, "qmclone", String(source), user);
  }
  configureVm(vmid: number, changes: VmConfig): void {
    const vm = this.#vm(vmid);
    this.#vms.set(vmid, { ...vm, config: { ...vm.config, ...changes } });
  }
  startVm(vmid: number, user: string): TaskState {
    const vm = this.#vm(vmid);
    if (this.#managed(vmid)) return this.#task(vm.node, "hastart", String(vmid), user);
    this.setGuest(vmid, this.running("booting"));
    return this.#task(vm.node, "qmstart", String(vmid), user);
  }
  stopVm(vmid: number, user: string): TaskState {
    const vm = this.#vm(vmid);
    if (this.#managed(vmid)) return this.#task(vm.node, "hastop", String(vmid), user);
    this.setGuest(vmid, off);
    return this.#task(vm.node, "qmstop", String(vmid), user);
  }
  destroyVm(vmid: number, options: { readonly purge: boolean }, user: string): TaskState {
    const vm = this.#vm(vmid);
    if (this.#managed(vmid) && !options.purge) {
      throw new TwinRefusal(
        500,
        `unable to remove VM ${vmid} - used in HA resources and purge parameter not set.`,
      );
    }
    if (vm.guest.phase !== "off") {
      throw new TwinRefusal(500, `VM ${vmid} is running - destroy failed`);
    }
    this.#vms.delete(vmid);
    return this.#task(vm.node, "qmdestroy", String(vmid), user);
  }
  addTask(node: string, type: string, id: string, user: string): TaskState {
    return this.#task(node, type, id, user);
  }
  subscribe(listener: (event: TwinEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #managed(vmid: number): boolean {
    return this.#resources.some((each) => each.sid === `vm:${vmid}`);
  }
  #vm(vmid: number): VmState {
    const vm = this.#vms.get(vmid);
    if (vm === undefined) throw new Error(`the fake has no VM ${vmid}`);
    return vm;
  }
  #tell(event: TwinEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
  #task(node: string, type: string, id: string, user: string): TaskState {
    // A console's task lives on; all others end after a second.
    const took = type === "vncproxy" ? null : 1;
    const pid = 437 + this.#tasks.length;
    const start = this.#wall();
    const task: TaskState = {
      upid: `UPID:${node}:${hex(pid)}:${hex(637_158)}:${hex(start)}:${type}:${id}:${user}:`,
      node,
      type,
      id,
      user,
      pid,
      pstart: 637_158,
      startWallSeconds: start,
      endWallSeconds: took === null ? null : start + took,
      exitStatus: took === null ? null : "OK",
      log: [`${type} ${id}`],
    };
    this.#tasks.push(task);
    return task;
  }
}
