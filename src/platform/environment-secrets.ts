import { readFile, stat } from "node:fs/promises";
import { unreachable } from "../base/assert.ts";
import { OperatingError } from "../base/errors.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { SecretRef } from "../model/secret.ts";
import { forbidden, openToOthers } from "./file-access.ts";
import type { SecretScrubber } from "./secret-scrubber.ts";

/** Keys and tokens are small; anything larger is the wrong file. */
const LARGEST_SECRET_BYTES = 64 * 1024;

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly scrubber: SecretScrubber;
  /** A secret file that more than its owner may use is refused. */
  readonly strict: boolean;
  /** Else told once of every such file. */
  readonly warn: (message: string) => void;
}

/** Secrets from environment variables and files. Each that is read is scrubbed from then on. */
export class EnvironmentSecrets implements Secrets {
  readonly #surroundings: Surroundings;
  readonly #warned = new Set<string>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** One newline at the end, which editors and `echo` leave there, is not part of the secret. */
  async resolve(reference: SecretRef): Promise<string> {
    const raw = await this.#read(reference);
    const secret = raw.replace(/\r?\n$/, "");
    if (secret === "") throw missing(reference, "it is empty");
    this.#surroundings.scrubber.add(secret);
    return secret;
  }

  async #read(reference: SecretRef): Promise<string> {
    switch (reference.kind) {
      case "env": {
        const value = this.#surroundings.environment[reference.name];
        if (value === undefined) throw missing(reference, "that variable is not set");
        return value;
      }
      case "file":
        return await this.#readFile(reference);
      default:
        return unreachable(reference);
    }
  }

  async #readFile(reference: SecretRef & { readonly kind: "file" }): Promise<string> {
    try {
      // Asked before it is opened: a pipe would wait for its writer, a device would never end.
      const found = await stat(reference.path);
      if (!found.isFile()) throw missing(reference, "it is no regular file");
      if (found.size > LARGEST_SECRET_BYTES) throw missing(reference, "it is larger than 64 KiB");
      this.#judgeMode(reference.path, found.mode);
      return await readFile(reference.path, "utf8");
    } catch (error) {
      if (error instanceof OperatingError) throw error;
      throw missing(reference, reasonOf(error), error);
    }
  }

  #judgeMode(path: string, mode: number): void {
    const open = openToOthers(path, mode);
    if (open === null) return;
    if (this.#surroundings.strict) throw forbidden("secret file", path, open);
    if (this.#warned.has(path)) return;
    this.#warned.add(path);
    this.#surroundings.warn(`The secret file ${path} ${open}`);
  }
}

function missing(reference: SecretRef, why: string, cause?: unknown): OperatingError {
  const [what, cure] =
    reference.kind === "env"
      ? [`env:${reference.name}`, `set it: export ${reference.name}=...`]
      : [`file:${reference.path}`, "create that file with mode 600, or name another one"];
  return new OperatingError("configuration", `Cannot read the secret ${what} as ${why}; ${cure}`, {
    facts: { reference: what },
    cause,
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "its permissions forbid it";
  return error instanceof Error ? error.message : "it cannot be opened";
}
