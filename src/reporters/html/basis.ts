import { counted } from "../../base/counted.ts";
import type { ReportedCluster, RunReport } from "../../model/run-report.ts";
import { howMeasured } from "../how-measured.ts";
import { verdictWord } from "../words.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import { column, number, table } from "./table.ts";

/** What the verdict rests on: rules, the clusters that it was, whom was trusted, method, assumptions. */
export const basis = (report: RunReport): Markup => markup`${rules(report)}
<section aria-labelledby="clusters"><h2 id="clusters">What it was measured on</h2>
<dl>${report.clusters.map(({ name, identity }) => markup`<dt>${name}</dt><dd>${identity.kind} ${identity.version}<br><code>${identity.fingerprint}</code></dd>`)}
<dt>run</dt><dd><code>${report.run}</code>, blackout ${report.tool}</dd>
<dt>from, to</dt><dd>${report.started_wall ?? "–"}, ${report.ended_wall ?? "–"}</dd></dl>
${settings(report.clusters)}</section>
<section aria-labelledby="trust"><h2 id="trust">Overrides and trust</h2>
<dl><dt>trust</dt><dd>${report.downgrades.length === 0 ? "every certificate and host key was verified" : report.downgrades.join("; ")}</dd>
<dt>guards</dt><dd>${report.overrides.length === 0 ? "every guard was obeyed" : report.overrides.map(overridden).join("; ")}</dd></dl></section>
<section aria-labelledby="method"><h2 id="method">How it was measured, and how sure it is</h2>
<dl>${howMeasured(report).map(({ what, value }) => markup`<dt>${what}</dt><dd>${value}</dd>`)}</dl>
${assumed(report)}</section>
`;

const overridden = ({ guard, trials, saw }: RunReport["overrides"][number]): string =>
  trials === 0
    ? `${guard} overridden, and would have refused no trial`
    : `${guard} overridden in ${counted(trials, "trial")} (${saw.join("; ")})`;

const rules = ({ verdict }: RunReport): Markup =>
  verdict.rules.length === 0
    ? nothing
    : markup`<section aria-labelledby="rules"><h2 id="rules">Rules</h2>
${table(
  "Rules and what they saw",
  ["verdict", "arm", "rule", "saw"].map(column),
  verdict.rules.map(
    ({ name, arm, text, saw }) =>
      markup`<tr><td><span class="badge ${name}">${verdictWord[name]}</span></td><td class="name">${arm}</td><td class="name"><code>${text}</code></td><td class="wrap">${saw}</td></tr>`,
  ),
)}</section>
`;

/** Of clusters that told something. */
function settings(clusters: readonly ReportedCluster[]): Markup {
  const rows = clusters.flatMap((cluster) =>
    cluster.settings.map(
      ({ name, value, source }) =>
        markup`<tr><td class="name">${cluster.name}</td><th scope="row" class="name"><code>${name}</code></th><td class="number">${value}</td><td>${source === "cluster" ? "the cluster itself" : "the inventory"}</td></tr>`,
    ),
  );
  return rows.length === 0
    ? nothing
    : markup`<h3>Settings that decide how long a failover takes</h3>
${table("Settings of each cluster", [column("cluster"), column("setting"), number("value"), column("told by")], rows)}`;
}

const assumed = ({ assumptions }: RunReport): Markup =>
  assumptions.length === 0
    ? nothing
    : markup`<h3>Assumed, not measured and not fitted</h3>
${table(
  "What was assumed",
  [column("cluster"), column("what"), number("value"), column("why")],
  assumptions.map(
    ({ cluster, name, value, why }) =>
      markup`<tr><td class="name">${cluster}</td><th scope="row" class="name"><code>${name}</code></th><td class="number">${value}</td><td>${why}</td></tr>`,
  ),
)}`;
