import { plainText } from "../base/plain-text.ts";

/** Shorter ones would turn ordinary text into stars; no secret of use is so short. */
const SHORTEST = 4;
/** A shorter one, in base64, looks like any word. */
const SHORTEST_ENCODED = 8;
const STARS = "***";

/** Knows every secret that this process has read, and takes them out of text that leaves it. */
export class SecretScrubber {
  readonly #known = new Set<string>();
  /** The longest first, as one may hold another. */
  #ordered: readonly string[] = [];

  /**
   * From now on `secret`, each of its lines, and their forms in plain text, URLs, JSON, base64 and basic authentication are
   * scrubbed.
   */
  add(secret: string): void {
    for (const part of partsOf(secret)) {
      if (part.length < SHORTEST) continue;
      const forms = [part, encodeURIComponent(part), JSON.stringify(part).slice(1, -1)];
      for (const form of [...forms, ...encoded(part)]) this.#known.add(form);
    }
    this.#ordered = [...this.#known].toSorted((a, b) => b.length - a.length);
  }

  /** The text with stars in place of secrets. */
  readonly scrub = (text: string): string =>
    this.#ordered.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, STARS), text);
}

/** It and its lines as they are, trimmed, and as one plain line shows them. The banners of keys are no secrets. */
function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => !line.trimStart().startsWith("-----"));
  return [secret, ...lines].flatMap((part) => [part, part.trim(), plainText(part)]);
}

/**
 * What base64 of any text that holds the secret holds too: it may begin at any byte of three, and what its neighbours have
 * a share in is left out. `user:password` of basic authentication is such a text.
 */
function encoded(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  if (bytes.length < SHORTEST_ENCODED) return [];
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.subarray(0, padded.length - (padded.length % 3));
    const text = whole.toString("base64").slice(before === 0 ? 0 : 4);
    return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
