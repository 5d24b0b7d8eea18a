import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Random } from "../../contracts/random.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ProxmoxCluster } from "../../model/inventory.ts";
import type { Memory } from "./memory.ts";

/** What every part of the driver works with. */
export interface Session {
  readonly cluster: ProxmoxCluster;
  readonly api: ProxmoxApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly memory: Memory;
}
