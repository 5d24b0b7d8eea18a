import type { Refusal } from "../../model/journal.ts";
import type { Scene } from "./guard.ts";
import { openingAt } from "./windows.ts";

export const maintenanceWindow = ({
  safety: { windows },
  now,
}: Pick<Scene, "safety" | "now">): readonly Refusal[] => {
  if (windows.length === 0) return [];
  const opening = openingAt(windows, now);
  if (opening.open) return [];
  const { next } = opening;
  return [
    {
      guard: "maintenance-window",
      saw: "no window of safety.windows is open now",
      needs:
        next === null
          ? "a window in safety.windows that ever opens"
          : `the next one, which opens on ${next.setLocale("en").toFormat("ccc yyyy-MM-dd HH:mm")} (${next.zoneName})`,
    },
  ];
};
