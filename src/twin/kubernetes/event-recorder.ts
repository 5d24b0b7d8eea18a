import type { Core } from "./core.ts";
import type { KubeObject, ObjectReference } from "./objects.ts";
import { newMetadata } from "./metadata.ts";

/** Real Events live an hour; here the newest are kept. */
const EVENT_LIMIT = 500;

export interface EventText {
  readonly type?: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

export const referenceTo = (object: KubeObject): ObjectReference => ({
  kind: object.kind,
  namespace: object.metadata.namespace,
  name: object.metadata.name,
  uid: object.metadata.uid,
});

/** Writes an Event about `subject`, in its namespace (`default` for a node), and drops the oldest ones. */
export function recordEvent(core: Core, subject: ObjectReference, text: EventText): void {
  if (!core.writesEvents) return;
  const { store, stamps, scheduler } = core;
  const stamp = stamps.seconds();
  store.events.create({
    apiVersion: "v1",
    kind: "Event",
    metadata: newMetadata({
      name: `${subject.name}.${(scheduler.now() * 16 + store.revision).toString(16)}`,
      namespace: subject.namespace ?? "default",
    }),
    involvedObject: subject,
    reason: text.reason,
    message: text.message,
    type: text.type ?? "Normal",
    source: { component: text.component },
    firstTimestamp: stamp,
    lastTimestamp: stamp,
    count: 1,
    reportingComponent: text.component,
    reportingInstance: "",
  });
  const oldest = store.events.size > EVENT_LIMIT ? store.events.all()[0] : undefined;
  if (oldest !== undefined) store.events.remove(oldest);
}
