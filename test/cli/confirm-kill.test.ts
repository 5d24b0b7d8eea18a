import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import pc from "picocolors";
import { confirmKill } from "../../src/cli/arming.ts";
import { exitCodeOf } from "../../src/cli/exit-code.ts";
import type { LoadedStudy } from "../../src/cli/load.ts";
import { Interrupted } from "../../src/platform/signal-trap.ts";
import { fakeExperiment, fakeInventory } from "../support/fake-experiment.ts";

const whole = fakeExperiment(1, 1);
const study: LoadedStudy = {
  experiment: { ...whole, arms: whole.arms.filter(({ name }) => name === "kubernetes") },
  inventory: {
    ...fakeInventory,
    clusters: fakeInventory.clusters.map((cluster) => ({ ...cluster, lab: null })),
  },
  locateInInventory: () => ({ line: 1, column: 1 }),
  lab: null,
  close: async () => await Promise.resolve(),
};
const [name = ""] = study.experiment.arms.map((arm) => arm.cluster);
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

/** The exit code when these keys are pressed on a terminal; 0: it goes on. */
async function typing(keys: string, stop = new AbortController().signal): Promise<number> {
  const input = new PassThrough();
  const output = new PassThrough();
  const asked = confirmKill(study, [], {
    terminal: { colours: pc.createColors(false) },
    stop,
    typed: { input, output, terminal: true },
  });
  input.write(keys);
  return await asked.then(() => 0, exitCodeOf);
}

describe("the prompt for the cluster's name", () => {
  it.each([
    ["its name", `${name}\r`, 0],
    ["another name", "something\r", 4],
    ["Ctrl-D", CTRL_D, 4],
    ["Ctrl-C", CTRL_C, 130],
    ["half its name and Ctrl-C", `${name.slice(0, 3)}${CTRL_C}`, 130],
  ])("on %s ends as a run does: %j, exit code %i", async (_, keys, code) => {
    expect(await typing(keys)).toBe(code);
  });

  it("is left on a signal to the process, one that came before it too", async () => {
    const stop = new AbortController();
    const waiting = typing("", stop.signal);
    stop.abort(new Interrupted("SIGTERM"));
    expect(await waiting).toBe(130);
    expect(await typing("", stop.signal)).toBe(130);
  });
});
