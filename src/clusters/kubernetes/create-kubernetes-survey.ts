import { z } from "zod";
import { KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import { CA_SOURCE } from "../../clients/kubernetes/credentials.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterSurvey } from "../../contracts/cluster-survey.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ApiHost, KubernetesCluster } from "../../model/inventory.ts";
import type { HostVersion } from "../survey/api-hosts.ts";
import { surveyHosts } from "../survey/api-hosts.ts";
import { dateOf } from "./server-clocks.ts";
import { newMemory } from "./session.ts";
import { surveyCluster, timingOf } from "./survey/survey-cluster.ts";

interface Options {
  readonly cluster: KubernetesCluster;
  readonly clock: Clock;
  readonly secrets: Secrets;
}

const version = z.looseObject({ gitVersion: z.string() });
const NOT_ASKED = { told: false, error: null } as const;

/**
 * What a Kubernetes cluster tells. First every API server by itself, then the cluster through those that answered, so
 * that a silent one costs its own deadline once and no other question's.
 */
export function createKubernetesSurvey({ cluster, clock, secrets }: Options): ClusterSurvey {
  const opened: KubernetesConnection[] = [];
  const open = (servers: readonly ApiHost[]): KubernetesConnection => {
    const connection = new KubernetesConnection({ ...cluster.api, servers }, clock, secrets);
    opened.push(connection);
    return connection;
  };
  return {
    survey: async () => {
      const { answering, findings } = await surveyHosts({
        hosts: cluster.api.servers,
        tls: cluster.api.tls,
        certificatePath: "/etc/kubernetes/pki/apiserver.crt",
        caSource: CA_SOURCE,
        clock,
        version: async (host, signal) => await versionOf(open([host]), signal),
      });
      if (answering.length === 0) {
        const timing = timingOf(cluster, NOT_ASKED, NOT_ASKED);
        return { reached: false, identity: null, health: null, timing, findings };
      }
      const session = { cluster, clock, connection: open(answering), memory: newMemory() };
      const told = await surveyCluster(session);
      return { ...told, findings: [...findings, ...told.findings] };
    },
    close: async () => {
      await Promise.all(opened.map(async (connection) => await connection.close()));
    },
  };
}

async function versionOf(
  connection: KubernetesConnection,
  signal: AbortSignal,
): Promise<HostVersion> {
  const answer = await connection.request({ method: "GET", path: "/version" }, signal);
  const said = parse(version, answer.data, "GET /version").gitVersion;
  return {
    version: `Kubernetes ${said}`,
    during: { earliest: answer.sent, latest: answer.received },
    date: dateOf(answer),
  };
}
