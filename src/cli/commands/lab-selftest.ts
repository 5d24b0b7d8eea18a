import type { LabSpec } from "../../model/lab.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { healthyAttempts } from "../healthy-attempts.ts";
import type { AttemptCounts } from "../healthy-attempts.ts";
import { withSpeed } from "../load.ts";
import type { Terminal } from "../terminal.ts";
import { labSpecIn } from "./lab-up.ts";

export interface LabSelftestOptions {
  readonly inventory: string;
  readonly speed?: number;
  readonly attempts: number;
}

/** By how much the speed is lowered after a false failure, and where that ends. */
const SLOWER = 0.75;
const SLOWEST = 1;

/** Finds the speed at which a healthy desktop never looks ill: the fastest tried that shows no false failure. */
export async function labSelftest(
  options: LabSelftestOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  let spec: LabSpec = withSpeed(await labSpecIn(options.inventory), options);
  const asked = spec.speed;
  for (;;) {
    terminal.err(`speed ${spec.speed}: ${options.attempts} attempts on healthy desktops ...\n`);
    const counts = await healthyAttempts(spec, options.attempts);
    terminal.out(`${render(spec.speed, counts)}\n`);
    if (counts.bad === 0) break;
    if (spec.speed <= SLOWEST) return exitCode.failed;
    spec = { ...spec, speed: Math.max(SLOWEST, Math.floor(spec.speed * SLOWER)) };
  }
  const { green, yellow } = terminal.outColours;
  terminal.out(
    spec.speed === asked
      ? `${green("ok")}: no false failure at speed ${asked}\n`
      : `${yellow("too fast")}: speed ${asked} shows false failures on this machine; use --speed ${spec.speed}\n`,
  );
  return spec.speed === asked ? exitCode.pass : exitCode.failed;
}

function render(speed: number, counts: AttemptCounts): string {
  const rows = counts.failures.map((failure) => `\n  ${failure}`).join("");
  return `speed ${speed}: ${counts.good} good, ${counts.bad} false failures, ${counts.unobserved} not observed; every ${counts.realPeriodMs.toFixed(0)} ms of real time${rows}`;
}
