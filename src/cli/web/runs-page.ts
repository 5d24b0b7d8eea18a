import { NONE, secondsWithUnit } from "../../reporters/format.ts";
import type { Markup } from "../../reporters/html/markup.ts";
import { exact, markup } from "../../reporters/html/markup.ts";
import { verdictWord } from "../../reporters/words.ts";
import type { KnownRun, ListedRun } from "../history/read-runs.ts";
import { servedPage } from "./served-page.ts";

/** All runs, the latest first, each with its report; two may be chosen and held against each other. */
export function runsPage(reports: string, runs: readonly ListedRun[]): Markup {
  const latestFirst = runs.toReversed();
  const list = markup`<form action="/compare">
    <div class="scroll" tabindex="0" role="region" aria-label="All runs">
      <table class="runs stacked">
        <caption class="hidden">
          Runs, the latest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Verdict</th>
            <th scope="col">Median recovery</th>
            <th scope="col" class="number">Trials</th>
            <th scope="col">End</th>
            <th scope="col">Compare</th>
            <th scope="col">against</th>
          </tr>
        </thead>
        <tbody>
          ${latestFirst.map(row)}
        </tbody>
      </table>
    </div>
    <p><button type="submit">Compare the two</button></p>
  </form>`;
  return page(
    "Runs",
    markup`<p class="soft">${reports}</p>
      <section>${runs.length === 0 ? markup`<p>No run is here yet.</p>` : list}</section>`,
  );
}

/** One sentence, and the way back. */
export const messagePage = (text: string): Markup =>
  page(text, markup`<p><a href="/">All runs</a></p>`);

function row(run: ListedRun): Markup {
  if (run.kind === "unreadable") {
    return markup`<tr>
      <th scope="row">${run.folder}</th>
      <td colspan="6" class="whole">cannot be read: ${run.why}</td>
    </tr> `;
  }
  const { verdict, trials, experiment, left_behind: left } = run;
  return markup`<tr>
    <th scope="row">
      <a href="/runs/${encodeURIComponent(run.folder)}">${run.folder}</a><br /><span class="soft"
        >${experiment.title}</span
      >
    </th>
    <td>
      ${verdict === null ? "not judged" : markup`<b class="${verdict}">${verdictWord[verdict]}</b>`}
    </td>
    <td class="whole">${medians(run)}</td>
    <td class="number" data-is="Trials">${trials.completed} of ${trials.planned}</td>
    <td>${endWords(run)}${left ? markup`<br /><b class="fail">left something behind</b>` : ""}</td>
    <td data-is="Compare">
      <input type="radio" name="run" value="${exact(run.folder)}" aria-label="Compare ${run.folder}" required />
    </td>
    <td data-is="against">
      <input
        type="radio"
        name="against"
        value="${exact(run.folder)}"
        aria-label="Compare against ${run.folder}"
        required
      />
    </td>
  </tr> `;
}

const medians = ({ arms }: KnownRun): Markup =>
  markup`${arms.map(
    ({ name, median_ms }) =>
      markup`<div>
        ${name} <b>${median_ms === null ? NONE : secondsWithUnit(median_ms)}</b>
      </div>`,
  )}`;

function endWords({ end, alive }: KnownRun): string {
  if (end !== null) return end;
  if (alive === null) return "no end";
  return alive ? "under way" : "died";
}

const page = (title: string, body: Markup): Markup =>
  servedPage(
    title,
    markup`<header><h1>${title}</h1></header>
<main>${body}</main>`,
  );
