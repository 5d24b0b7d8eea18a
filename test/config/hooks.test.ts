import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseExperiment } from "../../src/config/experiment/parse-experiment.ts";
import { noHooks } from "../../src/model/hooks.ts";

const parse = (hooks: string) =>
  parseExperiment(
    `arms: { one: { cluster: c, fault: power, desktop: { kind: kubernetes, image: i } } }\n${hooks}`,
    "study.yaml",
    { resolvePath: (path) => `/folder/${path}`, readFile: () => "" },
  ).experiment.hooks;

describe("hooks of an experiment", () => {
  it("are none unless named, and required before unless it is said otherwise", () => {
    expect(parse("")).toEqual(noHooks);
    expect(
      parse(
        "hooks: { before_run: { command: [ops/silence, on] }, after_run: { command: [logger, done], timeout: 5s } }",
      ),
    ).toEqual({
      ...noHooks,
      before_run: {
        command: ["/folder/ops/silence", "on"],
        limit_ms: 30_000,
        required: true,
        pass: [],
      },
      after_run: { command: ["logger", "done"], limit_ms: 5000, required: false, pass: [] },
    });
  });

  it("are those of the documentation", () => {
    const docs = readFileSync(new URL("../../docs/hooks.md", import.meta.url), "utf8");
    const [, yaml = ""] = /```yaml\n([\s\S]*?)```/u.exec(docs) ?? [];
    expect(parse(yaml)).toMatchObject({
      before_run: { command: ["/folder/ops/silence"], pass: ["ALERTMANAGER"], required: true },
      before_trial: { required: false },
      after_trial: { command: ["/folder/ops/tell"] },
      after_run: { pass: ["ALERTMANAGER"] },
    });
  });

  it.each([
    ["before_run: { command: [] }", /hooks\.before_run\.command: must be at least 1 long/u],
    ["before_run: { command: logger done }", /hooks\.before_run\.command/u],
    ['before_run: { command: ["a\\0b"] }', /must not hold a NUL/u],
    ["before_run: { command: [a], pass: [A=B] }", /must be the name of an environment variable/u],
    ["before_run: { command: [a], pass: [BLACKOUT_RUN] }", /not BLACKOUT_/u],
    ["before_run: { command: [a], timeout: 1h }", /must be at most 10 min|must be at most 10m/u],
    ["after_run: { command: [a], required: true }", /"required" is not a known key/u],
    ["before_trail: { command: [a] }", /did you mean "before_trial"/u],
  ])("%s is refused", (text, message) => {
    expect(() => parse(`hooks: { ${text} }`)).toThrow(message);
  });
});
