import type { Guard } from "./guard.ts";

/** Somebody is at work there, and counts on the other nodes. */
export const maintenance: Guard = ({ health }) => {
  const names = health.nodes.filter((node) => node.maintenance).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      guard: "maintenance",
      saw: `in maintenance: ${names.join(", ")}`,
      needs: "no node of the cluster in maintenance",
    },
  ];
};
