import type { Response } from "undici";
import { OperatingError } from "../../base/errors.ts";

/** Far more than the pods of the largest cluster that this tool is for. */
const LONGEST_BODY = 64 * 1024 * 1024;

/** The whole body, up to a limit. */
export async function bodyAsText(response: Response): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of textOf(response)) {
    length += part.length;
    if (length > LONGEST_BODY) {
      throw new OperatingError(
        "protocol",
        `the answer is too long: it has more than ${LONGEST_BODY} characters`,
      );
    }
    parts.push(part);
  }
  return parts.join("");
}

/** The body as text, piece by piece as it comes. */
export async function* textOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    const bytes: unknown = chunk;
    if (bytes instanceof Uint8Array) yield decoder.decode(bytes, { stream: true });
  }
}

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
