import type { Phase } from "../../model/experiment.ts";
import type { SpellKind } from "../../model/trial-result.ts";

/** What a drawing is drawn with. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  /** Where something was predicted. */
  readonly shade: string;
  readonly fail: string;
  readonly arms: readonly [string, string, string, string];
  readonly phases: Readonly<Record<Phase | "untold", string>>;
  readonly spells: Readonly<Record<SpellKind | "frozen", string>>;
}

/** Colours of Okabe and Ito, which the colour-blind tell apart, with black text or, on blue, white. */
const orange = "#e69f00";
const blue = "#0072b2";
const sky = "#56b4e9";
const green = "#009e73";
const purple = "#cc79a7";
const vermilion = "#d55e00";
const yellow = "#f0e442";

/** In a page: its own variables, which follow the reader's light or dark. */
export const pagePalette: Palette = {
  paper: "var(--paper)",
  ink: "var(--ink)",
  soft: "var(--soft)",
  line: "var(--line)",
  shade: "var(--shade)",
  fail: "var(--fail)",
  arms: ["var(--arm-1)", "var(--arm-2)", "var(--arm-3)", "var(--arm-4)"],
  phases: {
    detection: orange,
    fencing: blue,
    placement: purple,
    start: sky,
    service: green,
    untold: "var(--untold)",
  },
  spells: {
    answering: green,
    frozen: blue,
    silent: "var(--untold)",
    unreachable: purple,
    refused: vermilion,
    "http-error": yellow,
    handshake: sky,
    black: "var(--black)",
    unobserved: "var(--line)",
  },
};

/** In files of their own, for paper. */
export const printPalette: Palette = {
  paper: "#ffffff",
  ink: "#1b1f24",
  soft: "#59636e",
  line: "#d8dde3",
  shade: "#e2e6eb",
  fail: "#b34700",
  arms: [blue, "#b34700", "#00704f", "#9c4f7a"],
  phases: { ...pagePalette.phases, untold: "#9aa4af" },
  spells: { ...pagePalette.spells, silent: "#9aa4af", black: "#000000", unobserved: "#d8dde3" },
};
