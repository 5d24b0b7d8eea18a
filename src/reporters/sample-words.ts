import { middleMs } from "../base/interval.ts";
import { plainText } from "../base/plain-text.ts";
import type { Failure, Sample } from "../model/sample.ts";
import type { TrialInstants } from "../model/trial-result.ts";
import type { TrialStory } from "../model/trial-story.ts";
import { fixed } from "./format.ts";
import { shortText } from "./short-text.ts";

/** Of what others worded. */
export const MOST_OF_FAILURE = 50;

/** How an attempt failed, in a few words. */
export function failureWords(failure: Failure): string {
  switch (failure.kind) {
    case "refused":
      return "refused";
    case "unreachable":
      return `unreachable (${plainText(failure.code)})`;
    case "timed-out":
    case "reset":
    case "closed":
      return `${failure.kind.replace("-", " ")} during ${failure.during}`;
    case "tls":
      return `TLS: ${shortText(failure.detail, MOST_OF_FAILURE)}`;
    case "http-status":
      return `HTTP ${failure.status}`;
    case "websocket-close":
      return `WebSocket closed with ${failure.code}`;
    case "rfb":
      return `RFB: ${shortText(failure.detail, MOST_OF_FAILURE)}`;
    case "uniform-frame":
      return "a picture of one colour";
    case "no-way-in":
      return `no way in: ${shortText(failure.detail, MOST_OF_FAILURE)}`;
    case "protocol":
      return `nonsense during ${failure.during}`;
  }
}

/** The attempts around an edge of the outage on one target: `●●●●●●○○○○○○`, and what that was. */
export interface EdgeLine {
  readonly edge: "lost" | "back";
  readonly target: Sample["target"];
  /** ● good, ○ bad, · unobserved. */
  readonly row: string;
  /** `-1.3 s .. +1.5 s: 6 good, 6 timed out during tcp`. */
  readonly words: string;
}

const signs = { good: "●", bad: "○", unobserved: "·" } as const;

/** Times are those since the fault. */
export function edgeLines({ edges }: TrialStory, { fault }: TrialInstants): readonly EdgeLine[] {
  if (fault === null) return [];
  const zero = middleMs(fault);
  return (["lost", "back"] as const).flatMap((edge) =>
    (["desktop", "control"] as const).flatMap((target) => {
      const samples = edges[edge].filter((sample) => sample.target === target);
      const [first, last] = [samples[0], samples.at(-1)];
      if (first === undefined || last === undefined) return [];
      const times = `${since(first.started_ms - zero)} .. ${since(last.ended_ms - zero)}`;
      return [
        {
          edge,
          target,
          row: samples.map(({ result }) => signs[result.kind]).join(""),
          words: `${times}: ${counted(samples).join(", ")}`,
        },
      ];
    }),
  );
}

/** `+12.3 s`, `-0.4 s`. */
export const since = (ms: number): string =>
  `${ms < 0 ? "-" : "+"}${fixed(Math.abs(ms) / 1000, 2)} s`;

/** `6 good, 4 timed out during tcp, 2 refused`, in the order in which they came first. */
function counted(samples: readonly Sample[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { result } of samples) {
    const words = resultWords(result);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${count} ${words}`);
}

function resultWords(result: Sample["result"]): string {
  switch (result.kind) {
    case "good":
      return "good";
    case "bad":
      return failureWords(result.failure);
    case "unobserved":
      return `unobserved (${result.why})`;
  }
}
