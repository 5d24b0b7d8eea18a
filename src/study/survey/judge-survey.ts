import type { Cluster } from "../../model/inventory.ts";
import type { Finding, SurveyFacts } from "../../model/survey.ts";
import { ok, problem, surveyTopics } from "../../model/survey.ts";
import { identityFindings } from "./identity-findings.ts";
import type { Beside } from "./victim-findings.ts";
import { healthFindings, victimsOf } from "./victim-findings.ts";

/** All that is known of one cluster, judged as a run would: in the order in which it is told. */
export function judgeSurvey(
  cluster: Cluster,
  facts: SurveyFacts,
  beside: Beside,
): readonly Finding[] {
  const { identity, health } = facts;
  const nodes = beside.findings;
  const victims = health === null ? null : victimsOf(cluster, health);
  return inOrder([
    ...facts.findings,
    ...(identity === null ? [] : identityFindings(cluster, identity)),
    armingFinding(cluster),
    ...(health === null ? [] : healthFindings(cluster, health, beside)),
    ...nodes.map((finding) => ofBystander(finding, victims)),
  ]);
}

/** What keeps a node from being killed safely is no problem of one that is never killed. */
function ofBystander(finding: Finding, victims: readonly string[] | null): Finding {
  if (finding.level !== "problem" || victims === null) return finding;
  if (victims.includes(finding.subject)) return finding;
  return { ...finding, level: "note" };
}

function armingFinding({ name, armed, lab }: Cluster): Finding {
  const about = { topic: "arming", subject: name } as const;
  if (lab !== null) return ok(about, `played by lab ${lab.instance}: nothing real is touched`);
  if (armed) return ok(about, "armed: a run kills nodes of it once its name was typed");
  return problem(about, "not armed, so that nothing is killed on it", {
    needs: "`armed: true`, when all else here is as it should be",
  });
}

/** By topic; within one as they came. */
export const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings
    .map((finding, index) => ({ finding, index, rank: surveyTopics.indexOf(finding.topic) }))
    .toSorted((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ finding }) => finding);
