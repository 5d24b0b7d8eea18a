import { html } from "hono/html";
import { plainText } from "../../base/plain-text.ts";
import { NONE, secondsWithUnit } from "../../reporters/format.ts";
import { verdictWord } from "../../reporters/words.ts";
import type { KnownRun, ListedRun } from "../history/read-runs.ts";

type Markup = ReturnType<typeof html>;

/** All runs, the latest first, each with its report; two may be chosen and held against each other. */
export function runsPage(reports: string, runs: readonly ListedRun[]): Markup {
  const latestFirst = runs.toReversed();
  const list = html`<form action="/compare">
    <div class="scroll" tabindex="0" role="region" aria-label="All runs">
      <table class="runs">
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
    html`<p class="soft">${plainText(reports)}</p>
      <section>${runs.length === 0 ? html`<p>No run is here yet.</p>` : list}</section>`,
  );
}

/** One sentence, and the way back. */
export const messagePage = (text: string): Markup =>
  page(plainText(text), html`<p><a href="/">All runs</a></p>`);

function row(run: ListedRun): Markup {
  const name = plainText(run.folder);
  if (run.kind === "unreadable") {
    return html`<tr>
      <th scope="row">${name}</th>
      <td colspan="6">cannot be read: ${plainText(run.why)}</td>
    </tr> `;
  }
  const { verdict, trials, experiment, left_behind: left } = run;
  return html`<tr>
    <th scope="row">
      <a href="/runs/${encodeURIComponent(run.folder)}">${name}</a><br /><span class="soft"
        >${plainText(experiment.title)}</span
      >
    </th>
    <td>
      ${verdict === null ? "not judged" : html`<b class="${verdict}">${verdictWord[verdict]}</b>`}
    </td>
    <td>${medians(run)}</td>
    <td class="number">${trials.completed} of ${trials.planned}</td>
    <td>${endWords(run)}${left ? html`<br /><b class="fail">left something behind</b>` : ""}</td>
    <td>
      <input type="radio" name="run" value="${run.folder}" aria-label="Compare ${name}" required />
    </td>
    <td>
      <input
        type="radio"
        name="against"
        value="${run.folder}"
        aria-label="Compare against ${name}"
        required
      />
    </td>
  </tr> `;
}

const medians = ({ arms }: KnownRun): Markup =>
  html`${arms.map(
    ({ name, median_ms }) =>
      html`<div>
        ${plainText(name)} <b>${median_ms === null ? NONE : secondsWithUnit(median_ms)}</b>
      </div>`,
  )}`;

function endWords({ end, alive }: KnownRun): string {
  if (end !== null) return end;
  if (alive === null) return "no end";
  return alive ? "under way" : "died";
}

const page = (title: string, body: Markup): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>blackout: ${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header><h1>${title}</h1></header>
        <main>${body}</main>
      </body>
    </html> `;
