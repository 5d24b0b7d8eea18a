import { z } from "zod";
import { OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import { later } from "../../base/time.ts";
import { parse } from "../shared/parse.ts";

const versioned = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    resourceVersion: z.string(),
  }),
});

/** What all objects that a watch has told of may hold together, in characters: as much as the longest list. */
const MOST_TOLD = 64 * 1024 * 1024;
/** What it takes to remember one at all. */
const OVERHEAD = 256;

/** Names of objects with the version of theirs that counts; the empty version is that of an object which is not there. */
export type Versions = ReadonlyMap<string, string>;

interface Change {
  readonly kind: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: unknown;
  /** In characters. */
  readonly size: number;
}

/** The versions of the objects of a list. */
export function versionsOf(objects: readonly unknown[]): Versions {
  return new Map(objects.map((object) => identityOf(object)));
}

/** What one list and the watch behind it have told, to be held against what the cluster says at another time. */
export class Told {
  #versions = new Map<string, string>();
  /** Of objects that changes have told of, in characters; the list has a limit of its own. */
  readonly #sizes = new Map<string, number>();
  #size = 0;
  #complete: Instant | null;
  #listed: Instant | null = null;

  /** `complete`: until when everything was told before this one. */
  constructor(complete: Instant | null) {
    this.#complete = complete;
  }

  /** Until then nothing can have happened that was not told; null before the first list. */
  get complete(): Instant | null {
    return this.#complete;
  }

  /** When the list was asked for; null before it came. */
  get listed(): Instant | null {
    return this.#listed;
  }

  list(objects: readonly unknown[], asked: Instant): void {
    this.#versions = new Map(versionsOf(objects));
    this.#listed = asked;
    this.#completeUntil(asked);
  }

  /** `sent`: when the server said so, at the earliest. Throws when all that was told becomes too much to remember. */
  change(change: Change, sent: Instant): void {
    const [name, version] = identityOf(change.object);
    this.#size -= this.#sizes.get(name) ?? 0;
    if (change.kind === "DELETED") {
      this.#versions.delete(name);
      this.#sizes.delete(name);
    } else {
      this.#versions.set(name, version);
      this.#sizes.set(name, change.size + OVERHEAD);
      this.#size += change.size + OVERHEAD;
      if (this.#size > MOST_TOLD) throw tooMuch();
    }
    this.#completeUntil(sent);
  }

  /**
   * Objects of which a list says something else than the watch has told, with what was told. A list that was asked for
   * at `asked` and agrees proves that everything until then was told.
   */
  differsFrom(list: Versions, asked: Instant): Versions {
    const names = new Set([...list.keys(), ...this.#versions.keys()]);
    const differing = [...names].filter((name) => list.get(name) !== this.#versions.get(name));
    if (differing.length === 0) this.#completeUntil(asked);
    return new Map(differing.map((name) => [name, this.#versions.get(name) ?? ""]));
  }

  #completeUntil(instant: Instant): void {
    this.#complete = this.#complete === null ? instant : later(this.#complete, instant);
  }
}

function identityOf(object: unknown): readonly [name: string, version: string] {
  const { metadata } = parse(versioned, object, "an object of a list");
  return [`${metadata.namespace ?? ""}/${metadata.name}`, metadata.resourceVersion];
}

const tooMuch = (): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot go on watching as the watch tells of ever more objects: they have more than ${MOST_TOLD} characters`,
  );
