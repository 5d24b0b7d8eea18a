import type { Guard } from "./guard.ts";

export const maxNodesDown: Guard = ({ victim, health, safety }) => {
  const down = health.nodes.filter((each) => !each.online && each.name !== victim.name);
  if (down.length + 1 <= safety.max_nodes_down) return [];
  return [
    {
      guard: "max-nodes-down",
      saw: `${down.length} other node(s) are down (${down.map((each) => each.name).join(", ")})`,
      needs: `at most ${safety.max_nodes_down} node(s) down with the victim`,
    },
  ];
};
