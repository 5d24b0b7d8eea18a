import type { KubernetesCluster } from "../../../model/inventory.ts";
import { defaultKubernetesSettings } from "../../../model/kubernetes-settings.ts";
import type { Finding, SurveyFacts, Timing } from "../../../model/survey.ts";
import type { Told } from "../../survey/ask.ts";
import { ask, findingsOf, necessary, surveyPatience } from "../../survey/ask.ts";
import { identify } from "../identify.ts";
import { readHealth } from "../read-health.ts";
import type { Session } from "../session.ts";
import { askFlags } from "./ask-flags.ts";
import type { ControlPlaneFlags } from "./flags.ts";
import { judgeFlags } from "./flags.ts";
import type { Kubelet } from "./kubelets.ts";
import { judgeKubelets, readKubelets } from "./kubelets.ts";
import { judgeRights, reviewRights } from "./rights.ts";
import { judgeVersions, readVersions } from "./versions.ts";

/** Everything that the servers of one session tell. All questions are asked at once. */
export async function surveyCluster(session: Session): Promise<SurveyFacts> {
  const { cluster } = session;
  const [identity, health, versions, flags, kubelets, rights] = await Promise.all([
    asked(session, async (signal) => await identify(session, signal)),
    asked(session, async (signal) => await readHealth(session, signal)),
    asked(session, async (signal) => await readVersions(session, signal)),
    asked(session, async (signal) => await askFlags(session, signal)),
    asked(session, async (signal) => await readKubelets(session, signal)),
    asked(session, async (signal) => await reviewRights(session, signal)),
  ]);
  const about = (topic: Finding["topic"]) => ({ topic, subject: cluster.name });
  return {
    reached: true,
    identity: identity.told ? identity.value : null,
    health: health.told ? health.value : null,
    timing: timingOf(cluster, flags, kubelets),
    findings: [
      ...necessary(about("identity"), identity),
      ...necessary(about("quorum"), health),
      ...findingsOf(about("api"), versions, (told) => judgeVersions(cluster.name, told)),
      ...findingsOf(about("settings"), flags, (told) => judgeFlags(cluster, told)),
      ...findingsOf(about("settings"), kubelets, (told) => judgeKubelets(cluster.name, told)),
      ...findingsOf(about("rights"), rights, (told) => judgeRights(cluster.name, told)),
    ],
  };
}

const asked = async <T>(
  { clock }: Session,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<Told<T>> => await ask(clock, surveyPatience.question, question);

/** As the cluster says it, else as the inventory does, else as Kubernetes ships. */
export function timingOf(
  { controller_manager }: KubernetesCluster,
  flags: Told<ControlPlaneFlags>,
  kubelets: Told<readonly Kubelet[]>,
): Timing {
  const seen = flags.told ? flags.value : null;
  const leases = kubelets.told
    ? kubelets.value.map(({ lease_duration_ms }) => lease_duration_ms)
    : [];
  return {
    kind: "kubernetes",
    settings: {
      ...defaultKubernetesSettings,
      ...controller_manager,
      ...seen?.monitor,
      default_toleration_s:
        seen?.default_toleration_s ?? defaultKubernetesSettings.default_toleration_s,
      lease_duration_ms:
        leases.length === 0 ? defaultKubernetesSettings.lease_duration_ms : Math.max(...leases),
    },
  };
}
