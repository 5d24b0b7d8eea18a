import type { DurationMeasure } from "../../model/experiment.ts";
import { phases } from "../../model/experiment.ts";
import type { Explanation } from "../../model/explanation.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import type { TrialStory } from "../../model/trial-story.ts";
import { NONE, fixed, measured, seconds, secondsRange } from "../format.ts";
import { journalLines } from "../journal-lines.ts";
import { predictionWords } from "../prediction-words.ts";
import { edgeLines } from "../sample-words.ts";
import { shortText } from "../short-text.ts";
import { reloadingUser, waitingUser } from "../what-users-see.ts";
import { outcomeWords, placedWords } from "../words.ts";
import type { Detail } from "./detail.ts";
import { MOST_LETTERS, MOST_LINES, MOST_NOTES } from "./detail.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import type { Thumbnails } from "./pictures.ts";
import { picturesOf } from "./pictures.ts";

export interface Known {
  readonly story: TrialStory | null;
  readonly thumbnails: Thumbnails;
  readonly detail: Detail;
}

/** One trial, to be opened: what it looked like, how its time went, and what happened, in words. */
export const trialDetails = (trial: TrialResult, id: string, known: Known): Markup =>
  markup`<details id="${id}"><summary>${trial.trial}: ${inShort(trial)}</summary>
${picturesOf(trial.pictures, known.thumbnails)}<ul class="facts">${factsOf(trial).map(({ what, value }) => markup`<li><b>${what}</b> ${value}</li>`)}</ul>
${known.detail.rules ? rulesOf(trial.explanation) : nothing}${known.story === null ? nothing : storyOf(trial, known.story, known.detail)}</details>
`;

const inShort = ({ durations_ms: { recovery }, outcome }: TrialResult): string =>
  `${recovery === null ? "" : `${measured(recovery)}, `}${shortText(outcomeWords(outcome), MOST_LETTERS)}`;

interface Fact {
  readonly what: string;
  readonly value: string;
}

function factsOf(trial: TrialResult): readonly Fact[] {
  const { durations_ms, explanation, prediction, session, viewed_ms, notes } = trial;
  const inWords = (measures: readonly DurationMeasure[]): string =>
    measures
      .flatMap((measure) => {
        const range = durations_ms[measure];
        return range === null ? [] : [`${measure} ${measured(range)}`];
      })
      .join(", ");
  return [
    { what: "seconds", value: inWords(["recovery", "outage"]) },
    { what: "phases", value: inWords(phases) },
    ...Object.entries(trial.not_measured).map(([what, value]) => ({ what, value })),
    { what: "predicted", value: prediction === null ? "" : predictionWords(prediction) },
    ...(explanation === null ? [] : explained(explanation)),
    { what: "who reloads sees", value: reloadingUser(trial) },
    {
      what: "who does not",
      value: session === null ? "" : shortText(waitingUser(session), MOST_LETTERS),
    },
    ...viewed_ms.map((range) => ({
      what: "watched",
      value: `through the live page for ${fixed((range[1] - range[0]) / 1000, 0)} s: one more session on the desktop`,
    })),
    ...notesOf(notes).map((value) => ({ what: "note", value })),
  ].filter(({ value }) => value !== "" && value !== NONE);
}

/** In seconds; why, stands with the arm, or beneath. */
const explained = ({ waits, placed, causes }: Explanation): readonly Fact[] => [
  {
    what: "waits",
    value: waits
      .map(({ name, likely_ms, ms }) => `${name} ${seconds(likely_ms)} s (${secondsRange(ms)})`)
      .join(", "),
  },
  ...(placed === "outside"
    ? [
        {
          what: placedWords.outside,
          value: `likely causes: ${causes.length === 0 ? "none stands out" : causes.join("; ")}`,
        },
      ]
    : []),
];

function storyOf(trial: TrialResult, story: TrialStory, { full }: Detail): Markup {
  const edges = edgeLines(story, trial.instants);
  const lines = journalLines(trial, story, full);
  const more = lines.length - MOST_LINES;
  return markup`${
    edges.length === 0
      ? nothing
      : markup`<pre tabindex="0" role="group" aria-label="Attempts around both edges">${edges.map(({ edge, target, row, words }) => markup`${edge} ${target} ${row}  ${words}\n`)}</pre>
`
  }<pre tabindex="0" role="group" aria-label="Journal">${lines.slice(0, MOST_LINES).map((line) => markup`${line}\n`)}${more > 0 ? `... and ${more} more in journal.ndjson` : ""}</pre>
`;
}

/** Why each wait took as long as it did. */
const rulesOf = (explanation: Explanation | null): Markup =>
  explanation === null
    ? nothing
    : markup`<ol class="facts">${explanation.waits.map(({ name, rule, source, setting }) => markup`<li><b>${name}</b> ${rule} <span class="soft">${source}${setting === null ? "" : `; ${setting}`}</span></li>`)}</ol>
`;

/** Each once, with how often it came. */
function notesOf(notes: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
  const shown = [...counts].slice(0, MOST_NOTES).map(([note, count]) => {
    const text = shortText(note, MOST_LETTERS);
    return count === 1 ? text : `${text}, ${count} times`;
  });
  const more = counts.size - shown.length;
  return more === 0 ? shown : [...shown, `... and ${more} more in report.json`];
}
