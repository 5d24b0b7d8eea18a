import { EnvironmentSecrets } from "../platform/environment-secrets.ts";
import { SecretScrubber } from "../platform/secret-scrubber.ts";
import type { Terminal } from "./terminal.ts";

/** Every secret that this process reads, so that none leaves it in a text. */
export const scrubber = new SecretScrubber();

export const secretsFor = (terminal: Terminal): EnvironmentSecrets =>
  new EnvironmentSecrets({
    environment: process.env,
    scrubber,
    warn: (message) => {
      terminal.err(`${terminal.colours.yellow("warning:")} ${message}\n`);
    },
  });
