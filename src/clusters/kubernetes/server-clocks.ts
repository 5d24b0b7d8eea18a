import { DateTime } from "luxon";
import type { Answer } from "../../clients/kubernetes/connection.ts";
import { KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ClocksRead } from "../../model/clock-offset.ts";
import type { ApiHost, KubernetesCluster } from "../../model/inventory.ts";
import { readClocks } from "../survey/read-clocks.ts";

interface Options {
  readonly cluster: KubernetesCluster;
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** The nodes over SSH, and each API server over connections of its own, so that none answers for another. */
export async function readServerClocks(
  { cluster, clock, secrets }: Options,
  signal: AbortSignal,
): Promise<ClocksRead> {
  const { servers } = cluster.api;
  const opened: KubernetesConnection[] = [];
  const connectionTo = (server: ApiHost): KubernetesConnection => {
    const own = opened.find((each) => each.servers[0] === server);
    if (own !== undefined) return own;
    const fresh = new KubernetesConnection({ ...cluster.api, servers: [server] }, clock, secrets);
    opened.push(fresh);
    return fresh;
  };
  try {
    return await readClocks(
      {
        nodes: cluster.nodes,
        hosts: servers,
        answerOf: async (server, until) => await answerOf(connectionTo(server), until),
      },
      { clock, secrets },
      signal,
    );
  } finally {
    await Promise.all(opened.map(async (each) => await each.close()));
  }
}

async function answerOf(connection: KubernetesConnection, signal: AbortSignal) {
  const answer = await connection.request({ method: "GET", path: "/version" }, signal);
  return { date: dateOf(answer), during: { earliest: answer.sent, latest: answer.received } };
}

/** The Date header in epoch seconds; null where there is none, or where it says nothing. */
export function dateOf({ date }: Answer): number | null {
  const told = date === null ? null : DateTime.fromHTTP(date);
  return told?.isValid === true ? told.toUnixInteger() : null;
}
