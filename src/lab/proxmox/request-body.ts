import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { ApiError } from "./api-error.ts";
import type { RawParameters } from "./parameters.ts";

/** PVE reads no more of a POST (AnyEvent.pm). */
const BODY_LIMIT_BYTES = 512 * 1024;

/** The parameters of the query and, which win, of a form or JSON body. */
export async function readParameters(
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<RawParameters> {
  const body = await readBody(request);
  const parameters: Record<string, unknown> = Object.fromEntries(query);
  if (body === "") return parameters;
  const type = request.headers["content-type"] ?? "application/x-www-form-urlencoded";
  if (type.startsWith("application/json")) return { ...parameters, ...fromJson(body) };
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return { ...parameters, ...Object.fromEntries(new URLSearchParams(body)) };
  }
  throw new ApiError(400, `unsupported content type '${type.replaceAll(/[^\x20-\x7e]/g, "?")}'`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(z.union([z.string(), z.instanceof(Uint8Array)]).parse(chunk));
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) throw new ApiError(501, "for data too large", { trailing: "" });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function fromJson(body: string): RawParameters {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body));
  } catch {
    throw new ApiError(400, "malformed JSON string in the body");
  }
}
