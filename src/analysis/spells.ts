import type { Failure, Sample } from "../model/sample.ts";
import type { Spell, SpellKind } from "../model/trial-result.ts";

/** The samples told as spells of one kind each, in the order in which attempts started. */
export function spellsOf(samples: readonly Sample[]): readonly Spell[] {
  const spells: Spell[] = [];
  for (const sample of samples) {
    const kind = spellKind(sample);
    const last = spells.at(-1);
    if (last?.kind === kind) {
      spells[spells.length - 1] = { ...last, to_ms: sample.started_ms, samples: last.samples + 1 };
    } else {
      if (last !== undefined) spells[spells.length - 1] = { ...last, to_ms: sample.started_ms };
      spells.push({ kind, from_ms: sample.started_ms, to_ms: sample.ended_ms, samples: 1 });
    }
  }
  return spells;
}

function spellKind({ result }: Sample): SpellKind {
  if (result.kind === "good") return "answering";
  if (result.kind === "unobserved") return "unobserved";
  if (result.failure.kind === "timed-out" && result.reached !== null) return "handshake";
  return spellOf[result.failure.kind];
}

const spellOf: Readonly<Record<Failure["kind"], SpellKind>> = {
  "timed-out": "silent",
  unreachable: "silent",
  "no-way-in": "silent",
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
