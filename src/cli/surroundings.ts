import { EnvironmentSecrets } from "../platform/environment-secrets.ts";
import { SecretScrubber } from "../platform/secret-scrubber.ts";
import type { Teller } from "./say.ts";
import { warn } from "./say.ts";

/** Every secret that this process reads, so that none leaves it in a text. */
export const scrubber = new SecretScrubber();

/**
 * What holds for the whole process: `strict` refuses files with secrets, and inventories, that more than their owner may use;
 * `teller` takes what is said outside of a command, and what an embedded lab writes to its standard error; null: that is ours.
 */
export const manners: { strict: boolean; teller: Teller | null } = { strict: false, teller: null };

export const secretsFor = (terminal: Omit<Teller, "log">): EnvironmentSecrets =>
  new EnvironmentSecrets({
    environment: process.env,
    scrubber,
    strict: manners.strict,
    warn: (message) => {
      warn(terminal, message);
    },
  });
