import type { ServerResponse } from "node:http";
import type { Clock } from "../../contracts/clock.ts";
import { TwinRefusal } from "../../twin/proxmox/proxmox-twin.ts";
import { ApiError, BareError } from "./api-error.ts";
import type { Reply } from "./router.ts";

/** `extjs` always answers 200 and tells success or failure in the body. */
export type Format = "json" | "extjs";

/** What goes onto the wire. A null body is really none: no Content-Type, no Content-Length. */
export interface WireReply {
  readonly status: number;
  readonly reason: string;
  readonly body: string | null;
}

export function replyOf(reply: Reply, format: Format): WireReply {
  const body =
    format === "json"
      ? { data: reply.data, ...reply.extra }
      : { success: 1, data: reply.data, ...reply.extra };
  return { status: 200, reason: "OK", body: JSON.stringify(body) };
}

/** PVE's answer to whatever a route threw; null for what is no refusal but a bug. */
export function replyOfError(error: unknown, format: Format): WireReply | null {
  if (error instanceof BareError) {
    return { status: error.status, reason: error.message, body: null };
  }
  if (error instanceof TwinRefusal) {
    return replyOfError(new ApiError(error.status, error.message), format);
  }
  if (!(error instanceof ApiError)) return null;
  const message = `${error.message}${error.trailing}`;
  const errors = error.errors === null ? {} : { errors: error.errors };
  if (format === "extjs") {
    const body = { success: 0, data: null, message, status: error.status, ...errors };
    return { status: 200, reason: "OK", body: JSON.stringify(body) };
  }
  return {
    status: error.status,
    reason: error.message,
    body: JSON.stringify({ data: null, message, ...errors }),
  };
}

/** Headers as pveproxy sends them; `Date` is the lab's time. */
export function send(response: ServerResponse, reply: WireReply, clock: Clock): void {
  const date = clock.wall().toHTTP() ?? "";
  response.sendDate = false;
  const headers: Record<string, string> = {
    "Cache-Control": "max-age=0",
    Date: date,
    Pragma: "no-cache",
    Server: "pve-api-daemon/3.0",
    Expires: date,
  };
  const reason = reply.reason.replaceAll(/[^\x20-\x7e]/g, " ");
  if (reply.body === null) {
    // Without a length the end of the connection is the end of the answer.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(reply.status, reason, { ...headers, Connection: "close" });
    response.end();
    return;
  }
  response.writeHead(reply.status, reason, {
    ...headers,
    "Content-Length": String(Buffer.byteLength(reply.body)),
    "Content-Type": "application/json;charset=UTF-8",
  });
  response.end(reply.body);
}
