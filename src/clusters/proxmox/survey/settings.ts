import { z } from "zod";
import type { ProxmoxApi } from "../../../clients/proxmox/proxmox-api.ts";
import { shutdownPolicyIn } from "../../../clients/proxmox/replies.ts";
import { parse } from "../../../clients/shared/parse.ts";
import type { ProxmoxCluster } from "../../../model/inventory.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok, problem } from "../../../model/survey.ts";
import { durationInWords } from "../../survey/duration-in-words.ts";

export interface Totem {
  readonly token_ms: number;
  readonly token_coefficient_ms: number;
}

/** The section `totem` of corosync.conf: only what stands there; else corosync's own defaults hold (corosync.conf(5)). */
const totem = z.looseObject({
  token: z.coerce.number().positive().default(3000),
  token_coefficient: z.coerce.number().nonnegative().default(650),
});

export async function askTotem(api: ProxmoxApi, signal: AbortSignal): Promise<Totem> {
  return readTotem((await api.call({ method: "GET", path: "/cluster/config/totem" }, signal)).data);
}

export function readTotem(data: unknown): Totem {
  const { token, token_coefficient } = parse(totem, data, "GET /cluster/config/totem");
  return { token_ms: token, token_coefficient_ms: token_coefficient };
}

/** The cluster's own timers, by which predictions go, against those that the inventory states. */
export function judgeTotem({ name, corosync }: ProxmoxCluster, seen: Totem): readonly Finding[] {
  const about = { topic: "settings", subject: name } as const;
  const token = durationInWords(seen.token_ms);
  const coefficient = durationInWords(seen.token_coefficient_ms);
  const saw = `corosync has token ${token}, token_coefficient ${coefficient}`;
  const same =
    seen.token_ms === corosync.token_ms &&
    seen.token_coefficient_ms === corosync.token_coefficient_ms;
  if (same) return [ok(about, `${saw}, as the inventory says`)];
  const inventory = `${durationInWords(corosync.token_ms)} and ${durationInWords(corosync.token_coefficient_ms)}`;
  return [
    problem(about, `${saw}; the inventory says ${inventory}, which only counts offline`, {
      needs: "the same in the inventory",
      paste: { corosync: { token, token_coefficient: coefficient } },
    }),
  ];
}

/** What HA does with its guests when a node is shut down; PVE's default is `conditional`. */
export function judgeOptions(name: string, data: unknown): readonly Finding[] {
  const policy = parse(shutdownPolicyIn, data, "GET /cluster/options");
  const about = { topic: "settings", subject: name } as const;
  const saw = `HA shutdown policy ${policy ?? "conditional (the default)"}`;
  return [
    policy === "freeze" || policy === "migrate"
      ? note(about, `${saw}: a node that is shut down in good order causes no failover`)
      : ok(about, saw),
  ];
}
