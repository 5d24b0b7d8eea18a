import { OperatingError } from "../../base/errors.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** From whatever a library calls it. */
export function httpMethod(name: string): HttpMethod {
  const method = name.toUpperCase();
  switch (method) {
    case "GET":
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
      return method;
    default:
      throw new OperatingError(
        "protocol",
        `Cannot call the API as the method is unknown: it is ${name}`,
      );
  }
}
