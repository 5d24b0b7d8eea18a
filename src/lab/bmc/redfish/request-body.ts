import { RedfishError } from "./redfish-error.ts";
import type { RedfishRequest } from "./redfish-service.ts";

/** The JSON of a request's body, whatever it is. */
export function bodyOf({ headers, body }: RedfishRequest): unknown {
  if (!/^application\/json(?:\s*;|$)/i.test(headers.contentType ?? "")) {
    throw RedfishError.of(415, "HeaderInvalid", ["Content-Type"]);
  }
  try {
    const parsed: unknown = JSON.parse(body);
    return parsed;
  } catch {
    throw RedfishError.of(400, "MalformedJSON");
  }
}
