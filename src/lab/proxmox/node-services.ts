import type { Server } from "node:https";
import type { Clock } from "../../contracts/clock.ts";
import type { RunningBmc } from "../bmc/serve-bmc.ts";
import type { LabHost } from "../network/network.ts";
import type { LabMachine } from "../machine.ts";
import { serveSsh } from "../ssh/serve-ssh.ts";
import { API_PORT, SSH_PORT } from "./reach.ts";

export interface NodeServicesOptions {
  readonly host: LabHost;
  readonly machine: LabMachine;
  readonly api: Server;
  readonly hostKeyPem: string;
  readonly authorizedKey: string;
  readonly bmc: RunningBmc;
  readonly clock: Clock;
  /** Told when the API service stops or starts. */
  readonly onApi: (working: boolean) => void;
}

type Part = "api" | "ssh" | "bmc";

/** What answers on one node and on its BMC; each can be stopped and started by itself. */
export interface NodeServices {
  set(part: Part, working: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startNodeServices(options: NodeServicesOptions): Promise<NodeServices> {
  const { host, machine, api, bmc, clock } = options;
  const start: Readonly<Record<Part, () => Promise<void>>> = {
    api: async () => {
      await host.listen(API_PORT, (socket) => {
        api.emit("connection", socket);
      });
    },
    ssh: async () => {
      const keys = { hostKeyPem: options.hostKeyPem, authorizedKey: options.authorizedKey };
      await serveSsh(host, SSH_PORT, machine, { ...keys, hostname: machine.name }, clock);
    },
    bmc: async () => await bmc.start(),
  };
  const stop: Readonly<Record<Part, () => Promise<void>>> = {
    api: async () => await host.unlisten(API_PORT),
    ssh: async () => await host.unlisten(SSH_PORT),
    bmc: async () => await bmc.stop(),
  };
  const working = new Map<Part, boolean>([["bmc", true]]);
  const set = async (part: Part, wanted: boolean): Promise<void> => {
    if ((working.get(part) ?? false) === wanted) return;
    working.set(part, wanted);
    if (part === "api") options.onApi(wanted);
    await (wanted ? start[part]() : stop[part]());
  };
  await set("api", true);
  await set("ssh", true);
  return {
    set,
    close: async () => {
      await bmc.close();
      api.close();
      api.closeAllConnections();
    },
  };
}
