import { EnvironmentSecrets } from "../platform/environment-secrets.ts";
import { SecretScrubber } from "../platform/secret-scrubber.ts";

/** Every secret that this process reads, so that none leaves it in a text. */
export const scrubber = new SecretScrubber();

/**
 * What holds for the whole process: `strict` refuses files with secrets, and inventories, that more than their owner may use;
 * `hear` takes what an embedded lab writes to its standard error, which is ours where that is null;
 * `log` takes what is said outside of a command where that is a log of JSON lines, else null.
 */
export const manners: {
  strict: boolean;
  hear: ((text: string) => void) | null;
  log: ((event: object) => void) | null;
} = {
  strict: false,
  hear: null,
  log: null,
};

/** A terminal, as far as warnings need one. */
interface Told {
  readonly err: (text: string) => void;
  readonly colours: { readonly yellow: (text: string) => string };
}

export const secretsFor = (terminal: Told): EnvironmentSecrets =>
  new EnvironmentSecrets({
    environment: process.env,
    scrubber,
    strict: manners.strict,
    warn: (message) => {
      terminal.err(`${terminal.colours.yellow("warning:")} ${message}\n`);
    },
  });
