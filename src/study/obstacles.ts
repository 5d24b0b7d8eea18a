import type { ClusterHealth } from "../model/cluster-facts.ts";
import type { OverridableGuard } from "../model/guard.ts";

/**
 * Why the cluster cannot bear a trial now, in words. What the last trial left needs a moment to pass: a node in
 * maintenance, a storage that copies what the victim missed. Guards that are overridden stand in the way of nothing.
 */
export function obstacles(
  { problems, nodes, storage }: ClusterHealth,
  overrides: readonly OverridableGuard[],
): readonly string[] {
  const away = nodes
    .filter(({ maintenance }) => maintenance)
    .map(({ name }) => `node ${name} is in maintenance`);
  const ailing = storage === null || storage.healthy ? [] : [storage.detail];
  return [
    ...problems,
    ...(overrides.includes("maintenance") ? [] : away),
    ...(overrides.includes("storage-health") ? [] : ailing),
  ];
}
