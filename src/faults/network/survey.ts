import { OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import type { SshAccess } from "../../model/inventory.ts";
import { output, told } from "../node/ssh-output.ts";
import type { FaultTools } from "../reach.ts";
import { chooseLinks, linksNamed } from "./choose-links.ts";
import { isUp, readLinks, readRoutes, SHOW_LINKS, SHOW_ROUTES } from "./links.ts";
import { restoringCommands } from "./restoring.ts";

type Tools = Pick<FaultTools, "reach" | "signal">;

/** What a cut takes down on one victim, and what brings it back. */
export interface Cut {
  readonly links: readonly string[];
  readonly restoring: readonly string[];
}

export async function surveyCut(cut: string, access: SshAccess, tools: Tools): Promise<Cut> {
  const all = readLinks(await output(access, SHOW_LINKS, tools));
  const routes = readRoutes(await output(access, SHOW_ROUTES, tools));
  const links = chooseLinks(cut, all, routes);
  return { links, restoring: restoringCommands(links, all, routes) };
}

/** What of a cut is still down. What is gone is down. `cut` is known where this process has made it. */
export async function stillDown(
  spec: string,
  cut: Cut | null,
  access: SshAccess,
  tools: Tools,
): Promise<{ readonly down: readonly string[]; readonly asked: Instant }> {
  const { code, stdout, stderr, sent } = await told(access, SHOW_LINKS, tools);
  if (code !== 0) {
    throw new OperatingError(
      "rejected",
      `Cannot look at the links of ${access.host} as "${SHOW_LINKS}" failed there: its exit code is ${code} (${stderr})`,
    );
  }
  const links = readLinks(stdout);
  const names = cut?.links ?? linksNamed(spec, links);
  const up = new Set(links.filter(isUp).map(({ ifname }) => ifname));
  return { down: names.filter((name) => !up.has(name)), asked: sent };
}
