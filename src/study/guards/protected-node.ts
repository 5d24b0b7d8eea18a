import type { Guard } from "./guard.ts";

export const protectedNode: Guard = ({ victim, safety }) =>
  safety.protected_nodes.includes(victim.name)
    ? [
        {
          guard: "protected-node",
          saw: `the desktop is on ${victim.name}, which is protected`,
          needs: "another placement, or the node taken out of protected_nodes",
        },
      ]
    : [];
