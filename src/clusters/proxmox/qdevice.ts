import { z } from "zod";
import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { parse } from "../../clients/shared/parse.ts";

/** As corosync-qdevice writes them (tlv.c). */
const FFSPLIT = "Fifty-Fifty split";
const LMS = "LMS";

const PATH = "/cluster/config/qdevice";

/** What `corosync-qdevice` of the host that is asked says of itself; empty where none runs there. */
const qdevice = z.looseObject({ Algorithm: z.string().optional(), State: z.string().optional() });

export type Device = z.infer<typeof qdevice>;

export interface DeviceVotes {
  /** Part of the votes that are expected, whether they are cast or not. */
  readonly configured: number;
  readonly cast: number;
}

/** The external device of the host that is asked; null: none is known of. */
export async function readDevice(api: ProxmoxApi, signal: AbortSignal): Promise<Device | null> {
  try {
    const { data } = await api.call({ method: "GET", path: PATH }, signal);
    return parse(qdevice, data ?? {}, `GET ${PATH}`);
  } catch (error) {
    if (error instanceof ProxmoxApiError) return null;
    throw error;
  }
}

/**
 * Votes of an external device. The API does not tell them. What is known: the algorithm, which fixes the number (one with
 * ffsplit; all nodes but one with lms, as `pvecm qdevice setup` leaves it to corosync), and whether the host that was asked
 * is connected to the device, without which none is cast. Not known: a device that is configured while its daemon does not
 * run on that host, and whether the device gives its vote (`quorate` has the last word).
 */
export function deviceVotes(device: Device | null, nodes: number): DeviceVotes {
  const algorithm = device?.Algorithm;
  if (algorithm === undefined) return { configured: 0, cast: 0 };
  // Of an algorithm that PVE does not set up the most is expected, and nothing counted.
  const configured = algorithm === FFSPLIT ? 1 : nodes - 1;
  const counts = [FFSPLIT, LMS].includes(algorithm) && device?.State === "Connected";
  return { configured, cast: counts ? configured : 0 };
}
