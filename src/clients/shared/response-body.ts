import type { Response } from "undici";
import { OperatingError } from "../../base/errors.ts";
import { isModest } from "./json-shape.ts";

/** The whole body, up to a limit in characters. */
export async function bodyAsText(response: Response, limit: number): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of textOf(response)) {
    length += part.length;
    if (length > limit) {
      throw new OperatingError(
        "protocol",
        `the answer is too long: it has more than ${limit} characters`,
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

/** Undefined for what is no JSON, or JSON whose value would be too deep or too large to work with. */
export function jsonOf(text: string): unknown {
  if (!isModest(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
