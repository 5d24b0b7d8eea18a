import { between } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { LabMachine } from "../machine.ts";
import { ProcessTable } from "./process-table.ts";
import type { NodeView } from "./reports.ts";
import { RouteTable } from "./route-table.ts";

/** The node as a session on it sees it. */
export interface Node {
  readonly machine: LabMachine;
  readonly clock: Clock;
  readonly processes: ProcessTable;
  readonly routes: RouteTable;
  view(): NodeView;
}

/** The time since boot counts from the first time that this boot was seen. */
export function nodeOf(machine: LabMachine, hostname: string, clock: Clock): Node {
  let boot = { id: machine.bootId(), since: clock.now() };
  return {
    machine,
    clock,
    processes: new ProcessTable(),
    routes: new RouteTable(machine),
    view: () => {
      const bootId = machine.bootId();
      if (bootId !== boot.id) boot = { id: bootId, since: clock.now() };
      return {
        hostname,
        bootId,
        uuid: machine.uuid,
        wall: clock.wall(),
        upFor: between(boot.since, clock.now()),
      };
    },
  };
}
