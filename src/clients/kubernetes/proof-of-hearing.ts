import { OperatingError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import { between, longer, milliseconds, times, zero } from "../../base/time.ts";
import type { Collection } from "./collection.ts";
import type { KubernetesConnection } from "./connection.ts";
import { readObjects } from "./read-objects.ts";
import type { Told, Versions } from "./told.ts";
import { versionsOf } from "./told.ts";

/**
 * From one check to the next. Two checks in a row find a watch deaf, so that what it kept to itself is known after twice
 * that and three round trips: within a second. An event of a watch that is well comes within milliseconds.
 */
const CHECK_PERIOD = milliseconds(300);
/** A scaled clock divides waits, not work: so many of its shortest periods lie between two checks. */
const CHECK_FLOORS = 10;
/** After a check a rest of so many times its length, so that checking thousands of nodes is not the main load. */
const REST = 4;
/** Names and versions are all that a check needs; a server that does not know this form sends all there is. */
const METADATA_ONLY =
  "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/**
 * Asks again and again, from whichever server answers, what the collection holds, and rejects when the watch has failed to
 * tell of a change between two checks. Silence on a watch looks the same whether nothing happens or its way is cut: a
 * balancer keeps connections to dead servers open, an API server may have lost its store. Otherwise runs until `signal`.
 */
export async function proofOfHearing(
  connection: KubernetesConnection,
  collection: Collection,
  told: Told,
  signal: AbortSignal,
): Promise<never> {
  const { clock } = connection;
  let doubtful: Versions = new Map();
  let rest: Duration = zero;
  for (;;) {
    const period = longer(CHECK_PERIOD, times(clock.floor.period, CHECK_FLOORS));
    await clock.sleep(longer(period, rest), signal);
    const answer = await readObjects(connection, collection, METADATA_ONLY, signal).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        // Nobody can say: whether servers live is up to their pulses.
        if (error instanceof OperatingError) return null;
        throw error;
      },
    );
    if (answer === null) continue;
    const { objects, asked, received } = answer;
    rest = times(between(asked, received), REST);
    const differing = told.differsFrom(versionsOf(objects), asked);
    const kept = [...differing].find(([name, version]) => doubtful.get(name) === version);
    if (kept !== undefined) throw deaf(collection, kept[0]);
    doubtful = differing;
  }
}

const deaf = ({ path }: Collection, name: string): OperatingError =>
  new OperatingError(
    "timed-out",
    `Cannot go on watching ${path} as the watch is deaf: it has not told of the change of ${name} that a list shows`,
  );
