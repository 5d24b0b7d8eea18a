import type { MachineFacts } from "../../model/cluster-facts.ts";
import type { OwnMachine } from "../../model/own-machine.ts";
import { ownMachineTie } from "../../model/same-machine.ts";
import type { Finding } from "../../model/survey.ts";
import { note, problem } from "../../model/survey.ts";

/** Whether this runs on a node, or hangs on it: by the very rule of the guard that would refuse the node. */
export function judgeWhere(
  node: string,
  machine: MachineFacts,
  own: OwnMachine,
): readonly Finding[] {
  const about = { topic: "here", subject: node } as const;
  const tie = ownMachineTie(machine, own);
  if (tie !== null) {
    return [
      problem(about, tie, {
        needs: `another machine to run it on, or ${node} in protected_nodes`,
      }),
    ];
  }
  if (machine.machine_id === null || machine.machine_id !== own.machine_id) return [];
  return [
    note(about, `${node} has this machine's /etc/machine-id, though another system runs there`, {
      needs: 'a machine-id of its own for each clone ("systemd-machine-id-setup")',
    }),
  ];
}
