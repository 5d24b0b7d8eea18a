import { either } from "../../../base/abort.ts";
import type { ApiReply } from "../../../clients/proxmox/proxmox-api.ts";
import type { SurveyFacts } from "../../../model/survey.ts";
import { LEAST_NODES, defaultProxmoxSettings } from "../../../model/proxmox-settings.ts";
import type { ProxmoxCluster } from "../../../model/inventory.ts";
import type { Finding, Timing } from "../../../model/survey.ts";
import type { Told } from "../../survey/ask.ts";
import { ask, findingsOf, necessary, surveyPatience } from "../../survey/ask.ts";
import { readConfig } from "../../../clients/proxmox/calls.ts";
import { readHealth } from "../health.ts";
import { identify } from "../identity.ts";
import type { Session } from "../session.ts";
import { judgeManager, judgeWatchdogs } from "./ha.ts";
import { judgeRights } from "./rights.ts";
import type { Totem } from "./settings.ts";
import { askTotem, judgeOptions, judgeTotem } from "./settings.ts";
import { judgeStorage, judgeTemplates, sharedStorages, templatesIn } from "./storage.ts";

/** Everything that the hosts of one session tell. All questions are asked at once; templates are looked into when known. */
export async function surveyCluster(session: Session): Promise<SurveyFacts> {
  const { cluster } = session;
  const [identity, health, manager, current, storage, templates, permissions, totem, options] =
    await Promise.all([
      asked(session, async (signal) => await identify(session, signal)),
      asked(session, async (signal) => await readHealth(session, signal)),
      get(session, "/cluster/ha/status/manager_status"),
      get(session, "/cluster/ha/status/current"),
      asked(session, async (signal) => await readShared(session, signal)),
      asked(session, async (signal) => await readTemplates(session, signal)),
      get(session, "/access/permissions"),
      asked(session, async (signal) => await askTotem(session.api, signal)),
      get(session, "/cluster/options"),
    ]);
  const about = (topic: Finding["topic"]) => ({ topic, subject: cluster.name });
  const major = identity.told ? Number.parseInt(identity.value.version, 10) : null;
  const shared = storage.told ? storage.value : null;
  return {
    reached: true,
    identity: identity.told ? identity.value : null,
    health: health.told ? health.value : null,
    timing: timingOf(cluster, totem, health.told ? health.value.nodes.length : null),
    findings: [
      ...necessary(about("identity"), identity),
      ...necessary(about("quorum"), health),
      ...findingsOf(about("ha"), manager, ({ data, date }) =>
        judgeManager(cluster.name, data, date),
      ),
      ...findingsOf(about("ha"), current, ({ data }) => judgeWatchdogs(cluster.name, data)),
      ...findingsOf(about("storage"), storage, (names) => judgeStorage(cluster.name, names)),
      ...findingsOf(about("template"), templates, ({ found, configs }) =>
        judgeTemplates(cluster.name, found, configs, shared),
      ),
      ...findingsOf(about("rights"), permissions, ({ data }) =>
        judgeRights(cluster.api.token_id, data, major),
      ),
      ...findingsOf(about("settings"), totem, (seen) => judgeTotem(cluster, seen)),
      ...findingsOf(about("settings"), options, ({ data }) => judgeOptions(cluster.name, data)),
    ],
  };
}

const asked = async <T>(
  { clock }: Session,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<Told<T>> => await ask(clock, surveyPatience.question, question);

const get = async (session: Session, path: string, parameters = {}): Promise<Told<ApiReply>> =>
  await asked(session, async (signal) =>
    session.api.call({ method: "GET", path, parameters }, signal),
  );

async function readShared({ api }: Session, signal: AbortSignal): Promise<readonly string[]> {
  const parameters = { type: "storage" };
  const path = "/cluster/resources";
  return sharedStorages((await api.call({ method: "GET", path, parameters }, signal)).data);
}

/** Each configuration is read by itself: one template whose node is down keeps silent about no other. */
async function readTemplates(session: Session, signal: AbortSignal) {
  const path = "/cluster/resources";
  const reply = await session.api.call({ method: "GET", path, parameters: { type: "vm" } }, signal);
  const found = templatesIn(reply.data);
  const configs = await Promise.all(
    found.map(
      async (template) =>
        await readConfig(session.api, template, either(signal)).then(
          (config) => [[template.vmid, config] as const],
          () => [],
        ),
    ),
  );
  return { found, configs: new Map(configs.flat()) };
}

/** An inventory need not list all nodes; whoever is a member counts. */
function timingOf(
  { corosync, nodes }: ProxmoxCluster,
  totem: Told<Totem>,
  members: number | null,
): Timing {
  return {
    kind: "proxmox",
    settings: {
      ...defaultProxmoxSettings,
      ...(totem.told ? totem.value : corosync),
      nodes: members ?? Math.max(LEAST_NODES, nodes.length),
    },
  };
}
