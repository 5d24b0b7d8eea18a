import { describe, expect, it } from "vitest";
import { exactly } from "../../../src/base/interval.ts";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import type { Strike } from "../../../src/contracts/fault.ts";
import { PlannedFault } from "../../../src/faults/planned-fault.ts";
import { haMethod } from "../../../src/faults/proxmox/ha-method.ts";
import type { HaService, HaView } from "../../../src/faults/proxmox/ha-view.ts";
import type { Reach } from "../../../src/faults/reach.ts";
import type { Maintenance, Migration } from "../../../src/model/fault-spec.ts";
import type { NodeAccess } from "../../../src/model/inventory.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const never = new AbortController().signal;
const strike: Strike = {
  victim: "pve2",
  desktop: { kind: "proxmox", vmid: 100, name: "d", mark: "m", owned: true, before: null },
};

const withSsh = (name: string): NodeAccess => ({
  name,
  address: null,
  bmc: null,
  ssh: {
    host: name,
    port: 22,
    user: "root",
    key: { kind: "env", name: "K" },
    host_key: "insecure",
  },
});

/** PVE's HA as these faults see it: requests take effect in a later round. */
class FakeHa implements HaView {
  online = ["pve1", "pve2", "pve3"];
  current: HaService | null = { state: "started", node: "pve2" };
  maintained = false;
  readonly commands: string[] = [];
  readonly refusing = new Set<string>();
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  nodesOnline = async (): Promise<readonly string[]> => await this.#after(this.online);
  service = async (): Promise<HaService | null> => await this.#after(this.current);
  inMaintenance = async (): Promise<boolean> => await this.#after(this.maintained);
  shutdownPolicy = async () => await this.#after("conditional" as const);
  shutDown = async (): Promise<void> => await this.#after(undefined);

  async migrate(vmid: number, to: string): Promise<void> {
    this.commands.push(`migrate ${vmid} ${to}`);
    this.#clock.queue.after(seconds(8), () => (this.current = { state: "migrate", node: "pve2" }));
    this.#clock.queue.after(seconds(20), () => (this.current = { state: "started", node: to }));
    await this.#after(undefined);
  }

  readonly reach: Reach = {
    openBmc: () => Promise.reject(new Error("no BMC")),
    echo: () => Promise.reject(new Error("no session")),
    pulse: async () => await this.#after("answers" as const),
    run: async ({ host }, command) => {
      const sent = this.#clock.now();
      await this.#after(null);
      if (this.refusing.has(host)) throw new Error("no route");
      this.commands.push(`${host}: ${command}`);
      const wanted = command.includes(" enable ");
      this.#clock.queue.after(seconds(6), () => (this.maintained = wanted));
      return { kind: "exited", code: 0, stdout: "", stderr: "", sent };
    },
  };

  async #after<T>(value: T): Promise<T> {
    await this.#clock.sleep(milliseconds(20), never);
    return value;
  }
}

function scene(spec: Maintenance | Migration, nodes = ["pve1", "pve2", "pve3"].map(withSsh)) {
  const clock = new VirtualClock();
  const ha = new FakeHa(clock);
  const fresh = (): PlannedFault =>
    new PlannedFault(spec, haMethod(spec, { view: ha, reach: ha.reach, nodes }), {
      clock,
      close: async () => await Promise.resolve(),
    });
  const run = async <T>(act: (fault: PlannedFault) => Promise<T>): Promise<T> =>
    await clock.runUntilSettled(act(fresh()));
  const hit = async () => {
    const fault = fresh();
    const requested = exactly(clock.now());
    await clock.runUntilSettled(fault.inject(strike, never));
    return await clock.runUntilSettled(fault.confirm(strike, requested, never));
  };
  const guards = async (): Promise<readonly string[]> =>
    (await run(async (fault) => await fault.check("pve2", never))).map(({ guard }) => guard);
  const heal = async (): Promise<void> =>
    await run(async (fault) => await fault.heal("pve2", clock.timeout(seconds(120))));
  return { ha, hit, guards, heal };
}

describe("planned moves by PVE's HA", () => {
  it("migrate goes to another node that is online, and is proven by the CRM", async () => {
    const { ha, hit, heal } = scene({ kind: "migrate", to: null, over: "api" });
    expect((await hit()).evidence).toBe("the CRM is migrating it");
    expect(ha.commands).toEqual(["migrate 100 pve1"]);
    await heal();
  });

  it("migrate is refused where its target is not online", async () => {
    const { ha, guards } = scene({ kind: "migrate", to: "pve3", over: "api" });
    expect(await guards()).toEqual([]);
    ha.online = ["pve1", "pve2"];
    expect(await guards()).toEqual(["migration-target"]);
  });

  it("maintenance is asked of a survivor, proven, and disabled again, also in a fresh process", async () => {
    const { ha, hit, guards, heal } = scene({ kind: "maintenance", over: "ssh" });
    ha.refusing.add("pve1");
    expect((await hit()).evidence).toBe("pve2 is in HA maintenance");
    expect(ha.commands).toEqual(["pve3: ha-manager crm-command node-maintenance enable pve2"]);
    expect(await guards()).toEqual(["node-unmarked"]);
    await heal();
    expect(ha.maintained).toBe(false);
    await heal();
    expect(await guards()).toEqual([]);
  });

  it("maintenance is refused where no other node has SSH, and says so when none obeys", async () => {
    const { guards } = scene({ kind: "maintenance", over: "ssh" }, [withSsh("pve2")]);
    expect(await guards()).toEqual(["ssh-reachable"]);
    const { ha, hit } = scene({ kind: "maintenance", over: "ssh" });
    ha.refusing.add("pve1").add("pve3");
    await expect(hit()).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/pve1: no route; pve3: no route/u),
    });
  });
});
