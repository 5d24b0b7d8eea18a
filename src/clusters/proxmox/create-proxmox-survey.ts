import { parse } from "../../clients/shared/parse.ts";
import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { createProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { version } from "../../clients/proxmox/replies.ts";
import { CA_SOURCE } from "../../clients/proxmox/transport-failure.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterSurvey } from "../../contracts/cluster-survey.ts";
import type { Random } from "../../contracts/random.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { ApiHost, ProxmoxCluster } from "../../model/inventory.ts";
import { LEAST_NODES, defaultProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { SurveyFacts } from "../../model/survey.ts";
import type { HostVersion } from "../survey/api-hosts.ts";
import { surveyHosts } from "../survey/api-hosts.ts";
import { newMemory } from "./memory.ts";
import { surveyCluster } from "./survey/survey-cluster.ts";

interface Options {
  readonly cluster: ProxmoxCluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
}

/**
 * What a Proxmox VE cluster tells. First every API host by itself, then the cluster through those that answered, so that
 * a silent one costs its own deadline once and no other question's.
 */
export function createProxmoxSurvey(options: Options): ClusterSurvey {
  const { cluster, clock } = options;
  const opened: ProxmoxApi[] = [];
  const open = (hosts: readonly ApiHost[]): ProxmoxApi => {
    const api = createProxmoxApi({
      ...options,
      cluster: { ...cluster, api: { ...cluster.api, hosts } },
    });
    opened.push(api);
    return api;
  };
  return {
    survey: async () => {
      const all = open(cluster.api.hosts);
      const { answering, findings } = await surveyHosts({
        hosts: cluster.api.hosts,
        tls: cluster.api.tls,
        certificatePath: "/etc/pve/local/pve-ssl.pem",
        caSource: CA_SOURCE,
        clock,
        version: async (host, signal) => await versionOf(all, host, signal),
      });
      if (answering.length === 0) return nothingTold(cluster, findings);
      const api = open(answering);
      const told = await surveyCluster({ ...options, api, memory: newMemory() });
      return { ...told, findings: [...findings, ...told.findings] };
    },
    close: async () => {
      await Promise.all(opened.map(async (api) => await api.close()));
    },
  };
}

async function versionOf(
  api: ProxmoxApi,
  host: ApiHost,
  signal: AbortSignal,
): Promise<HostVersion> {
  const reply = await api.call({ method: "GET", path: "/version", host }, signal);
  const said = parse(version, reply.data, "GET /version");
  return { version: `Proxmox VE ${said.version}`, during: reply.during, date: reply.date };
}

const nothingTold = (
  { corosync, nodes }: ProxmoxCluster,
  findings: SurveyFacts["findings"],
): SurveyFacts => ({
  reached: false,
  identity: null,
  health: null,
  timing: {
    kind: "proxmox",
    settings: {
      ...defaultProxmoxSettings,
      ...corosync,
      nodes: Math.max(LEAST_NODES, nodes.length),
    },
  },
  findings,
});
