import type { RunReport } from "../../model/run-report.ts";
import { howMeasured } from "../how-measured.ts";
import { verdictWord } from "../words.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";

/** What the verdict rests on: rules, method, assumptions, and the clusters that it was. */
export const basis = (report: RunReport): Markup => markup`${rules(report)}
<h2>How it was measured</h2>
<dl>${howMeasured(report).map(({ what, value }) => markup`<dt>${what}</dt><dd>${value}</dd>`)}</dl>
${assumed(report)}
<h2>What it was measured on</h2>
<dl>${report.clusters.map(({ name, identity }) => markup`<dt>${name}</dt><dd>${identity.kind} ${identity.version}<br><code>${identity.fingerprint}</code></dd>`)}
<dt>run</dt><dd><code>${report.run}</code>, blackout ${report.tool}</dd>
<dt>from, to</dt><dd>${report.started_wall ?? "–"}, ${report.ended_wall ?? "–"}</dd>
<dt>trust</dt><dd>${report.downgrades.length === 0 ? "every certificate and host key was verified" : report.downgrades.join("; ")}</dd></dl>`;

const rules = ({ verdict }: RunReport): Markup =>
  verdict.rules.length === 0
    ? nothing
    : markup`<h2>Rules</h2>
<div class="scroll"><table><thead><tr><th>verdict</th><th>arm</th><th>rule</th><th>saw</th></tr></thead>
<tbody>${verdict.rules.map(({ name, arm, text, saw }) => markup`<tr><td><span class="badge ${name}">${verdictWord[name]}</span></td><td class="name">${arm}</td><td class="name"><code>${text}</code></td><td class="wrap">${saw}</td></tr>`)}</tbody></table></div>`;

const assumed = ({ assumptions }: RunReport): Markup =>
  assumptions.length === 0
    ? nothing
    : markup`<h2>Assumed, not measured and not fitted</h2>
<div class="scroll"><table><thead><tr><th>cluster</th><th>what</th><th class="number">value</th><th>why</th></tr></thead>
<tbody>${assumptions.map(({ cluster, name, value, why }) => markup`<tr><td class="name">${cluster}</td><td class="name"><code>${name}</code></td><td class="number">${value}</td><td>${why}</td></tr>`)}</tbody></table></div>`;
