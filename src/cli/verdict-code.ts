import type { RunEnd } from "../model/journal.ts";
import type { RunReport } from "../model/run-report.ts";
import type { ExitCode } from "./exit-code.ts";
import { exitCode, worst } from "./exit-code.ts";

export const codeOfEnd: Readonly<Record<RunEnd, ExitCode>> = {
  completed: exitCode.pass,
  interrupted: exitCode.interrupted,
  "not-restored": exitCode.notRestored,
  refused: exitCode.unsafe,
  failed: exitCode.internal,
};

export const ofVerdict: Readonly<Record<RunReport["verdict"]["name"], ExitCode>> = {
  pass: exitCode.pass,
  fail: exitCode.failed,
  inconclusive: exitCode.inconclusive,
};

/** How the run ended and what its trials say, as one exit code. */
export const exitCodeOfReport = (report: RunReport): ExitCode =>
  worst(
    report.end === null ? exitCode.inconclusive : codeOfEnd[report.end],
    ofVerdict[report.verdict.name],
  );
