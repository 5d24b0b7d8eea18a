import { OperatingError } from "../../base/errors.ts";
import { between, seconds } from "../../base/time.ts";
import type { NodeAccess, SshAccess } from "../../model/inventory.ts";
import { sshOf } from "../node/no-way-in.ts";
import { waitUntilBooted } from "../node/signs-of-life.ts";
import { output } from "../node/ssh-output.ts";
import { healing } from "../healing.ts";
import type { FaultTools } from "../reach.ts";
import type { ServiceMethod } from "./service-method.ts";
import { mainPid, processState, start, unitState } from "./systemd.ts";

const PAUSE = seconds(2);
/** What was told to start and does not run after this long is told again. Kubelet's own restart comes after 10 s. */
const START_LOOK = seconds(30);
/**
 * A node of PVE that has lost its services for too long is reset within 10 s by a watchdog that nothing stops any more,
 * so that services which run again are no proof: they have to go on running for this long.
 */
const SETTLE = seconds(20);

/**
 * 1. Waits until SSH answers: a node that its watchdog resets comes back by itself.
 * 2. Lets frozen services go on, starts those that do not run, and sees that they run and, where there is a watchdog, stay.
 */
export async function healServices(
  victim: NodeAccess,
  method: Pick<ServiceMethod, "units" | "thaw">,
  cluster: { readonly watchdog: boolean },
  tools: FaultTools,
): Promise<void> {
  const access = sshOf(victim);
  await healing(
    {
      what: `bring ${method.units.join(", ")} on ${victim.name} back`,
      otherwise: `Start them there by hand (systemctl start ${method.units.join(" ")})`,
      pause: PAUSE,
    },
    tools,
    async () => {
      await waitUntilBooted(victim, tools);
      if (method.thaw !== null) await thaw(method.thaw, access, tools);
      for (const unit of method.units) {
        await startUnit(unit, access, tools);
        if (method.thaw !== null) await demandThawed(unit, access, tools);
      }
      if (cluster.watchdog) await stay(method.units, access, tools);
    },
  );
}

/** Fails as a whole where one of the units does not run; those that do go on nevertheless, and the others are started next. */
async function thaw(command: string, access: SshAccess, tools: FaultTools): Promise<void> {
  await output(access, command, tools).catch((error: unknown) => {
    tools.signal.throwIfAborted();
    if (!(error instanceof OperatingError) || error.code !== "rejected") throw error;
  });
}

async function startUnit(unit: string, access: SshAccess, tools: FaultTools): Promise<void> {
  const begin = tools.clock.now();
  let state = await unitState(unit, access, tools);
  if (!state.isActive) await start(unit, access, tools);
  while (!state.isActive && between(begin, tools.clock.now()) < START_LOOK) {
    state = await unitState(unit, access, tools);
    if (!state.isActive) await tools.clock.sleep(PAUSE, tools.signal);
  }
  await demandActive(unit, access, tools);
}

async function demandActive(unit: string, access: SshAccess, tools: FaultTools): Promise<void> {
  const { word, isActive } = await unitState(unit, access, tools);
  if (isActive) return;
  throw new OperatingError(
    "not-reached",
    `Cannot see ${unit} run on ${access.host} as it does not stay active: it is ${word}`,
  );
}

/** Systemd takes a frozen process for an active one. */
async function demandThawed(unit: string, access: SshAccess, tools: FaultTools): Promise<void> {
  const { pid } = await mainPid(unit, access, tools);
  const { state } = await processState(pid, access, tools);
  if (state !== null && state !== "T") return;
  throw new OperatingError(
    "not-reached",
    `Cannot see ${unit} go on, on ${access.host}: the state of its main process is ${state ?? "unknown"}`,
  );
}

async function stay(units: readonly string[], access: SshAccess, tools: FaultTools): Promise<void> {
  const begin = tools.clock.now();
  while (between(begin, tools.clock.now()) < SETTLE) {
    await tools.clock.sleep(PAUSE, tools.signal);
    for (const unit of units) await demandActive(unit, access, tools);
  }
}
