import { identify } from "../identify.ts";
import type { Session } from "../session.ts";
import { get } from "../session.ts";
import type { ControlPlaneFlags } from "./flags.ts";
import { readFlags } from "./flags.ts";

/** The flags of the control plane, as far as its pods are visible. */
export async function askFlags(session: Session, signal: AbortSignal): Promise<ControlPlaneFlags> {
  const [{ version }, pods] = await Promise.all([
    identify(session, signal),
    get(session, "/api/v1/namespaces/kube-system/pods", signal),
  ]);
  const minor = /^v?1\.(\d+)/u.exec(version)?.[1];
  return readFlags(pods.data, minor === undefined ? null : Number(minor));
}
