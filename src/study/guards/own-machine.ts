import { ownMachineTie } from "../../model/same-machine.ts";
import type { Guard } from "./guard.ts";

/** Whoever dies with the victim heals nothing. Never overridable. */
export const ownMachine: Guard = ({ victim, machine, own }) => {
  const tie = ownMachineTie(machine, own);
  if (tie === null) return [];
  return [
    {
      guard: "own-machine",
      saw: `${victim.name}: ${tie}`,
      needs: "another machine to run this on, or a placement on another node",
    },
  ];
};
