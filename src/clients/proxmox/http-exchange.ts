import { DateTime } from "luxon";
import { fetch, type Agent, type Response } from "undici";
import { z } from "zod";
import { OperatingError } from "../../base/errors.ts";
import type { CallName } from "./api-error.ts";
import { ProxmoxApiError } from "./api-error.ts";
import { bodyAsText, jsonOf } from "../shared/response-body.ts";
import { encodeForm, type CallParameters } from "./form.ts";
import { transportFailure } from "./transport-failure.ts";

/** More than the resources of the largest clusters; a server that sends more than that is no PVE. */
const LONGEST_BODY = 16 * 1024 * 1024;

/** Of parameters that the API finds fault with; no call has as many. */
const MOST_ERRORS = 20;

export interface Answer {
  readonly data: unknown;
  /** The Date header in epoch seconds; null where there is none. */
  readonly date: number | null;
}

const envelope = z.looseObject({
  data: z.unknown(),
  message: z.string().optional(),
  errors: z.record(z.string(), z.unknown()).optional(),
});

/** One request, sent once, whatever becomes of it. Rejects with a ProxmoxApiError or a ProxmoxTransportError. */
export async function exchange(
  call: CallName & { readonly parameters: CallParameters },
  wire: { readonly agent: Agent; readonly authorization: string },
  signal: AbortSignal,
): Promise<Answer> {
  const { host, method, path } = call;
  const named: CallName = { host, method, path };
  const reply = await send(call, wire, signal).catch((error: unknown) => {
    throw transportFailure(named, error);
  });
  const { response, text } = reply;
  const body = envelope.safeParse(jsonOf(text)).data ?? null;
  if (!response.ok) {
    throw new ProxmoxApiError(named, {
      status: response.status,
      reason: response.statusText === "" ? (body?.message ?? "") : response.statusText,
      errors: Object.fromEntries(
        Object.entries(body?.errors ?? {})
          .slice(0, MOST_ERRORS)
          .map(([name, value]) => [
            name,
            typeof value === "string" ? value.trim() : JSON.stringify(value),
          ]),
      ),
    });
  }
  if (body === null) {
    throw transportFailure(
      named,
      new OperatingError(
        "protocol",
        `the answer is no JSON of the API, or more than anybody needs: it is ${text.length} bytes`,
      ),
    );
  }
  return { data: body.data, date: dateOf(response) };
}

async function send(
  call: CallName & { readonly parameters: CallParameters },
  wire: { readonly agent: Agent; readonly authorization: string },
  signal: AbortSignal,
): Promise<{ response: Response; text: string }> {
  const form = encodeForm(call.parameters);
  const inBody = call.method === "POST" || call.method === "PUT";
  const query = inBody || form === "" ? "" : `?${form}`;
  const response = await fetch(`${call.host}/api2/json${call.path}${query}`, {
    method: call.method,
    dispatcher: wire.agent,
    // PVE never redirects; whoever does is not asked again with our token.
    redirect: "manual",
    headers: {
      authorization: wire.authorization,
      accept: "application/json",
      ...(inBody ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    body: inBody ? form : null,
    signal,
  });
  return { response, text: await bodyAsText(response, LONGEST_BODY) };
}

function dateOf(response: Response): number | null {
  const header = response.headers.get("date");
  if (header === null) return null;
  const date = DateTime.fromHTTP(header);
  return date.isValid ? date.toUnixInteger() : null;
}
