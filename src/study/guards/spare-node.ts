import type { Guard } from "./guard.ts";

export const spareNode: Guard = ({ victim, health }) =>
  health.nodes.some(
    (each) => each.name !== victim.name && each.online && each.schedulable && !each.maintenance,
  )
    ? []
    : [
        {
          guard: "spare-node",
          saw: "no other node is online and may run the desktop",
          needs: "at least one such node",
        },
      ];
