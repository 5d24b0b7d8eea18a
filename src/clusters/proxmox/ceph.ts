import { z } from "zod";
import { describeError } from "../../base/errors.ts";
import { ProxmoxApiError, ProxmoxTransportError } from "../../clients/proxmox/api-error.ts";
import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import type { StorageHealth } from "../../model/cluster-facts.ts";

const PATH = "/cluster/ceph/status";
/** More of what Ceph says is for its own tools. */
const MOST_CHECKS = 3;
const MOST_CHARACTERS = 100;

/** `ceph status`, as far as it is used; a muted check does not count towards `status`. */
const cephStatus = z.looseObject({
  health: z.looseObject({
    status: z.string(),
    checks: z
      .record(z.string(), z.looseObject({ summary: z.looseObject({ message: z.string() }) }))
      .catch({}),
  }),
});

/**
 * The health of a cluster's Ceph, as the host that is asked knows it. Null: it has none, or the token may not see it, or
 * what came is no status. A Ceph that is there and does not answer (its monitors have no quorum) is not healthy.
 */
export async function readCeph(
  api: ProxmoxApi,
  signal: AbortSignal,
): Promise<StorageHealth | null> {
  try {
    return judgeCeph((await api.call({ method: "GET", path: PATH }, signal)).data);
  } catch (error) {
    if (error instanceof ProxmoxApiError && hasNone(error)) return null;
    if (error instanceof ProxmoxApiError || error instanceof ProxmoxTransportError) {
      return { healthy: false, detail: `Ceph does not answer: ${describeError(error)}` };
    }
    throw error;
  }
}

export function judgeCeph(data: unknown): StorageHealth | null {
  const told = cephStatus.safeParse(data);
  if (!told.success) return null;
  const { status, checks } = told.data.health;
  const reasons = Object.values(checks).map((check) => short(check.summary.message));
  const shown = reasons.slice(0, MOST_CHECKS).join("; ");
  const more = reasons.length > MOST_CHECKS ? ` and ${reasons.length - MOST_CHECKS} more` : "";
  return {
    healthy: status === "HEALTH_OK",
    detail: `Ceph says ${short(status)}${shown === "" ? "" : `: ${shown}${more}`}`,
  };
}

/** In PVE's words (PVE/Ceph/Tools.pm); 501 from a release without that path. */
const hasNone = (error: ProxmoxApiError): boolean =>
  error.status !== 500 || /not (installed|initialized|enabled)/.test(error.reason);

const short = (text: string): string => text.replaceAll(/\p{Cc}/gu, " ").slice(0, MOST_CHARACTERS);
