import { predictRecovery } from "../analysis/prediction/predict-recovery.ts";
import { asPlayed } from "../analysis/prediction/stated-timing.ts";
import type { ResolveHost } from "../clusters/survey/machine-facts.ts";
import { surveyNodes } from "../clusters/survey/survey-nodes.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { Cluster } from "../model/inventory.ts";
import { apiHostsOf } from "../model/inventory.ts";
import type { LabSpec } from "../model/lab.ts";
import type { OwnMachine } from "../model/own-machine.ts";
import type { Finding, SurveyFacts, SurveyTopic } from "../model/survey.ts";
import { ScaledClock } from "../platform/scaled-clock.ts";
import { SeededRandom } from "../platform/seeded-random.ts";
import { SystemClock } from "../platform/system-clock.ts";
import { openSurvey } from "./open-survey.ts";
import { apiPlaces } from "../study/guards/api-places.ts";
import { inOrder, judgeSurvey } from "../study/survey/judge-survey.ts";
import type { ExitCode } from "./exit-code.ts";
import { exitCode } from "./exit-code.ts";

export interface CheckedCluster {
  readonly name: string;
  readonly kind: Cluster["kind"];
  readonly findings: readonly Finding[];
  readonly code: ExitCode;
}

interface World {
  readonly secrets: Secrets;
  readonly own: OwnMachine;
  readonly resolve: ResolveHost;
  /** The embedded lab's settings; null on every other cluster. */
  readonly lab: LabSpec | null;
}

/** Draws of a prediction: the same cluster is told the same twice. */
const SEED = 1;

/** Asks the cluster's API and its nodes at once, then judges, then predicts: the only part that computes for long. */
export async function checkCluster(cluster: Cluster, world: World): Promise<CheckedCluster> {
  const clock = cluster.lab === null ? new SystemClock() : new ScaledClock(cluster.lab);
  const random = new SeededRandom(SEED);
  const survey = await openSurvey(cluster, { clock, random, secrets: world.secrets });
  try {
    const [facts, nodes, places] = await Promise.all([
      survey.survey(),
      surveyNodes(cluster.nodes, { ...world, clock }),
      apiPlaces(apiHostsOf(cluster), world.resolve),
    ]);
    const beside = { ...nodes, apiPlaces: places, own: world.own, now: clock.wall() };
    const findings = judgeSurvey(cluster, facts, beside);
    const { name, kind } = cluster;
    const code = codeOf(facts, findings);
    if (!facts.reached) return { name, kind, findings, code };
    const predicted = predictRecovery(name, asPlayed(name, facts.timing, world.lab), random);
    return { name, kind, findings: inOrder([...findings, predicted]), code };
  } finally {
    await survey.close();
  }
}

/** To be mended in the inventory, or in the way to the API. */
const configuration: readonly SurveyTopic[] = ["api", "identity", "settings"];

/** 0 only without a problem; 2 where the inventory or the API is at fault, 4 where a run would be refused as unsafe. */
function codeOf({ reached }: SurveyFacts, findings: readonly Finding[]): ExitCode {
  const problems = findings.filter(({ level }) => level === "problem");
  if (problems.length === 0) return exitCode.pass;
  const unsafe = problems.some(({ topic }) => !configuration.includes(topic));
  return reached && unsafe ? exitCode.unsafe : exitCode.usage;
}
