/** Shorter ones would turn ordinary text into stars; no secret of use is so short. */
const SHORTEST = 4;
const STARS = "***";

/** Knows every secret that this process has read, and takes them out of text that leaves it. */
export class SecretScrubber {
  readonly #known = new Set<string>();

  /** From now on `secret`, and its forms in URLs, JSON and basic authentication, are scrubbed. */
  add(secret: string): void {
    const lines = secret.split(/\r?\n/).filter((line) => !line.startsWith("-----"));
    for (const part of [secret, ...lines]) {
      const forms = [part, encodeURIComponent(part), JSON.stringify(part).slice(1, -1)];
      for (const form of forms) if (form.length >= SHORTEST) this.#known.add(form);
    }
  }

  /** The text with stars in place of secrets, the longest first, as one may hold another. */
  scrub(text: string): string {
    return [...this.#known]
      .toSorted((a, b) => b.length - a.length)
      .reduce((scrubbed, secret) => scrubbed.replaceAll(secret, STARS), text);
  }
}
