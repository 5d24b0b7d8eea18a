import type { ProxmoxHandle } from "./prepare.ts";

/** What is written into a clone's description and into the comment of its HA resource. */
export const descriptionFor = (desktop: Pick<ProxmoxHandle, "mark">): string =>
  `Probe desktop of blackout, removed after its trial. mark=${desktop.mark}`;

/** Only what bears the mark of this very trial is ours to delete. */
export const bearsMark = (
  config: Readonly<Record<string, string | number>>,
  mark: string,
): boolean => marked(String(config["description"] ?? ""), mark);

export const marked = (text: string, mark: string): boolean =>
  text.split(/\s+/).includes(`mark=${mark}`);
