import { either } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import { milliseconds } from "../../base/time.ts";
import type { DesktopRequest } from "../../contracts/cluster-driver.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { DeployedDesktop, Trial } from "../trial.ts";

export async function deployDesktop(trial: Trial, stop: AbortSignal): Promise<DeployedDesktop> {
  const { parts, notes, cleanup } = trial;
  const { driver } = parts.cluster;
  const signal = either(stop, parts.clock.timeout(milliseconds(parts.arm.limits.steady_ms)));
  const request: DesktopRequest = {
    spec: parts.arm.desktop,
    placement: parts.arm.placement,
    run: parts.run,
    trial: parts.trial.id,
    mark: `${parts.run}.${parts.trial.id}`,
  };
  notes.step("deploying the desktop");
  try {
    const handle = await driver.prepare(request, signal);
    const intent = await notes.intend(
      {
        act: "deploy the desktop",
        undo: { kind: "remove-desktop", cluster: driver.name, desktop: handle },
      },
      cleanup,
      (undoSignal) => driver.remove(handle, undoSignal),
    );
    const whereabouts = await intent.perform(() => driver.deploy(handle, request, signal));
    await notes.note({ kind: "desktop-deployed", desktop: handle, whereabouts });
    return { handle, request, whereabouts };
  } catch (error) {
    stop.throwIfAborted();
    throw new TrialEnds(
      "void",
      `the desktop could not be deployed: ${describeError(error)}`,
      error,
    );
  }
}
