import type { Browser } from "playwright-core";

/** One picture of the README. */
export interface Scene {
  /** Of its file, without `.png`. */
  readonly name: string;
  readonly take: (browser: Browser) => Promise<Buffer>;
}
