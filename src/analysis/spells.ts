import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { Layer } from "../model/experiment.ts";
import type { Failure, Sample } from "../model/sample.ts";
import type { Spell, SpellKind } from "../model/trial-result.ts";

/**
 * The samples told as spells of one kind each, in the order in which attempts started. `latenessMs`: how late a lab may
 * show what it does.
 */
export function spellsOf(samples: readonly Sample[], latenessMs = 0): readonly Spell[] {
  const rows = rowsOf(samples);
  return rows.map((row, index) => {
    const next = rows[index + 1];
    return {
      kind: row.kind,
      from_ms: row.first.started_ms,
      to_ms: next === undefined ? row.last.ended_ms : next.first.started_ms,
      samples: row.samples,
      length_ms: lengthOf(row, { before: rows[index - 1] ?? null, next: next ?? null }, latenessMs),
    };
  });
}

/** Samples of one kind that follow one another. */
interface Row {
  readonly kind: SpellKind;
  readonly first: Sample;
  readonly last: Sample;
  readonly samples: number;
}

function rowsOf(samples: readonly Sample[]): readonly Row[] {
  const rows: Row[] = [];
  for (const sample of samples) {
    const kind = spellKind(sample);
    const row = rows.at(-1);
    if (row?.kind === kind) {
      rows[rows.length - 1] = { ...row, last: sample, samples: row.samples + 1 };
    } else {
      rows.push({ kind, first: sample, last: sample, samples: 1 });
    }
  }
  return rows;
}

/**
 * It began after its neighbour was seen and no later than it was seen itself, and ended likewise. The first and the last
 * spell go on beyond what was watched.
 */
function lengthOf(
  { first, last }: Row,
  { before, next }: { readonly before: Row | null; readonly next: Row | null },
  latenessMs: number,
): RangeMs {
  const begun = seen(first);
  const ended = seen(last);
  const earliest = before === null ? first.started_ms : seen(before.last)[0];
  const latest = next === null ? last.ended_ms : seen(next.first)[1];
  return [
    Math.max(0, ended[0] - begun[1] - latenessMs),
    Math.max(0, latest - earliest) + latenessMs,
  ];
}

/**
 * Between when an attempt saw what it tells. Where nobody takes the connection, its first packet was the one to find out;
 * whatever else came, or failed to come on a connection that was taken, did so before its end.
 */
function seen(sample: Sample): SpanMs {
  const { result, started_ms, ended_ms } = sample;
  const kind = spellKind(sample);
  const isMute =
    result.kind === "bad" &&
    result.reached === null &&
    (kind === "silent" || kind === "unreachable");
  return [started_ms, isMute ? started_ms : ended_ms];
}

/** What a user would see of an attempt. */
export function spellKind({ result }: Sample): SpellKind {
  if (result.kind === "good") return "answering";
  if (result.kind === "unobserved") return "unobserved";
  if (result.failure.kind === "timed-out" && gotAnswer(result.reached)) return "handshake";
  return spellOf[result.failure.kind];
}

/** A connection that somebody takes, and then says nothing on, is silence to a user: the page does not come. */
const gotAnswer = (reached: Layer | null): boolean => reached !== null && reached !== "tcp";

const spellOf: Readonly<Record<Failure["kind"], SpellKind>> = {
  "timed-out": "silent",
  unreachable: "unreachable",
  "no-way-in": "unreachable",
  refused: "refused",
  "http-status": "http-error",
  "uniform-frame": "black",
  reset: "handshake",
  closed: "handshake",
  tls: "handshake",
  "websocket-close": "handshake",
  rfb: "handshake",
  protocol: "handshake",
};
