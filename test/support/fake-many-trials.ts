import { PNG } from "pngjs";
import { analyse } from "../../src/analysis/analyse.ts";
import { bulkOf } from "../../src/analysis/bulk.ts";
import { measureValues } from "../../src/analysis/measure-values.ts";
import { survivalPoints } from "../../src/analysis/survival.ts";
import { present } from "../../src/base/assert.ts";
import type { RangeMs } from "../../src/base/interval.ts";
import { factsOf } from "../../src/cli/write-report.ts";
import type { ArmReport } from "../../src/model/run-report.ts";
import type { PictureFact, TrialResult } from "../../src/model/trial-result.ts";
import type { TrialStory } from "../../src/model/trial-story.ts";
import type { ReportInput } from "../../src/reporters/reporter.ts";
import { openRunFolder } from "../../src/store/run-folder.ts";
import { inputFor } from "./report-input.ts";

/** As many trials as asked for, each as a real one told it (those of the committed sample run), with pictures. */
export async function fakeManyTrials(count: number): Promise<ReportInput> {
  const stories = new Map<string, TrialStory>();
  const report = await analyse(await factsOf(await openRunFolder("reports/sample")), (id, story) =>
    stories.set(id, story),
  );
  const trials = Array.from({ length: count }, (_, index) =>
    again(present(report.trials[index % report.trials.length], "a trial"), index),
  );
  return inputFor(
    { ...report, trials, arms: report.arms.map((arm) => ofMore(arm, trials)) },
    {
      stories: new Map(
        trials.map(({ trial }, index) => {
          const own = present(report.trials[index % report.trials.length], "a trial");
          return [trial, present(stories.get(own.trial), "its story")] as const;
        }),
      ),
      picture: async (file) => await Promise.resolve(thumbnail(file)),
    },
  );
}

function again(trial: TrialResult, index: number): TrialResult {
  const { recovery } = trial.durations_ms;
  const later = ((index * 7919) % 4000) - 2000;
  const moved: RangeMs | null =
    recovery === null ? null : [recovery[0] + later, recovery[1] + later];
  const id = `${String(index + 1).padStart(4, "0")}-${trial.arm}`;
  return {
    ...trial,
    trial: id,
    repetition: 1 + Math.floor(index / 3),
    durations_ms: { ...trial.durations_ms, recovery: moved },
    pictures: { before: pictureOf(id, "before"), after: pictureOf(id, "after") },
  };
}

const pictureOf = (trial: string, when: string): PictureFact => ({
  file: `frames/${trial}-${when}.png`,
  thumbnail: `frames/${trial}-${when}-thumb.png`,
  width: 800,
  height: 600,
  taken_ms: [0, 400],
  instance: `${trial} boot 0aa45c4a`,
});

function ofMore(arm: ArmReport, all: readonly TrialResult[]): ArmReport {
  const trials = all.filter((trial) => trial.arm === arm.name);
  return {
    ...arm,
    planned: trials.length,
    outcomes: { ...arm.outcomes, recovered: trials.length },
    bulk: bulkOf(trials),
    survival: survivalPoints(measureValues(trials, "recovery")),
  };
}

/** As large as a thumbnail may be, which is noise: anything else would be packed smaller. */
function thumbnail(file: string): Uint8Array {
  const png = new PNG({ width: 40, height: 18 });
  let state = Buffer.from(file).reduce((sum, byte) => (sum * 31 + byte) % 65_521, 7);
  for (let at = 0; at < png.data.length; at += 1) {
    state = (state * 75 + 74) % 65_537;
    png.data[at] = at % 4 === 3 ? 255 : state % 256;
  }
  return PNG.sync.write(png);
}
