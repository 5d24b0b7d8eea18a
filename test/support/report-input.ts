import { present } from "../../src/base/assert.ts";
import { analyse } from "../../src/analysis/analyse.ts";
import type { RunReport } from "../../src/model/run-report.ts";
import type { TrialStory } from "../../src/model/trial-story.ts";
import type { ReportFile, Reporter, ReportInput } from "../../src/reporters/reporter.ts";
import { formats } from "../../src/reporters/reporters.ts";
import type { FakeRun } from "./fake-run.ts";
import { streamed } from "./fake-run.ts";

/** What reporters are given; of a report alone there is no more. */
export const inputFor = (
  report: RunReport,
  more: Partial<Omit<ReportInput, "report">> = {},
): ReportInput => ({
  report,
  stories: new Map(),
  samples: () => streamed([]),
  picture: async () => await Promise.resolve(null),
  rasterise: async (svg) => await Promise.resolve(Buffer.from(svg)),
  ...more,
});

/** The same of a run, with its stories and samples. */
export async function inputOfRun({ plan, records, samples }: FakeRun): Promise<ReportInput> {
  const stories = new Map<string, TrialStory>();
  const report = await analyse({ plan, records, samples: streamed(samples) }, (trial, story) =>
    stories.set(trial, story),
  );
  return inputFor(report, { stories, samples: () => streamed(samples) });
}

/** Every reporter, loaded. */
export const allReporters: ReadonlyMap<string, Reporter> = new Map(
  await Promise.all([...formats].map(async ([name, { load }]) => [name, await load()] as const)),
);

/** All files of a format, whole. */
export async function filesOf(
  reporter: Reporter,
  input: ReportInput,
): Promise<readonly { readonly path: string; readonly bytes: Buffer }[]> {
  const files: { readonly path: string; readonly bytes: Buffer }[] = [];
  for await (const { path, content } of reporter(input)) {
    files.push({ path, bytes: await wholeOf(content) });
  }
  return files;
}

async function wholeOf(content: ReportFile["content"]): Promise<Buffer> {
  if (typeof content === "string" || content instanceof Uint8Array) return Buffer.from(content);
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** The only file of a reporter that makes it at once, of text. */
export function textOf(reporter: Reporter, report: RunReport): string {
  const files = reporter(inputFor(report));
  const [file] = Symbol.iterator in files ? files : [];
  const { content } = present(file, "a file that is made at once");
  if (typeof content !== "string") throw new Error("it is no text");
  return content;
}
