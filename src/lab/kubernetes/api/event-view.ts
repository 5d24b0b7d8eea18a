import type { KubeObject } from "../../../twin/kubernetes/objects.ts";

/** A core Event as events.k8s.io/v1 shows it. */
export function newEventView(event: KubeObject): KubeObject {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...rest } = event;
  return {
    ...rest,
    apiVersion: "events.k8s.io/v1",
    metadata: event.metadata,
    kind: "Event",
    eventTime: null,
    regarding: involvedObject,
    note: message,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  };
}
