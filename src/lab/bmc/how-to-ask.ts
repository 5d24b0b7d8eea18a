import type { HowTo } from "../lab-cluster.ts";
import { quoted } from "../node-access.ts";
import { resetPath, systemPath } from "./redfish/redfish-service.ts";
import type { BmcPlace } from "./start-bmc.ts";
import { BMC_USER } from "./start-bmc.ts";

/** How to ask one node's BMC with ipmitool and with curl; the password comes from its file and is in no argument. */
export function howToAskBmc(
  cluster: string,
  node: { readonly name: string; readonly bmc: BmcPlace },
  files: { readonly password: string; readonly ca: string },
): readonly HowTo[] {
  const { name, bmc } = node;
  const { address } = bmc.host;
  const ipmi = (suite: 3 | 17, command: string): string =>
    `ipmitool -I lanplus -C ${suite} -H ${address} -p ${bmc.ipmiPort} -U ${BMC_USER} ` +
    `-f ${quoted(files.password)} ${command}`;
  const redfish = (path: string, options = ""): string =>
    `printf 'user = "${BMC_USER}:%s"' "$(cat ${quoted(files.password)})" | ` +
    `curl -sS --cacert ${quoted(files.ca)} -K - ${options}https://${address}:${bmc.redfishPort}${path}`;
  const reset = `-H 'content-type: application/json' -d '{"ResetType":"On"}' `;
  return [
    {
      title: `${cluster}: ask the BMC of ${name}, cipher suite 3`,
      command: ipmi(3, "chassis power status"),
    },
    {
      title: `${cluster}: switch ${name} on over its BMC, cipher suite 17`,
      command: ipmi(17, "chassis power on"),
    },
    {
      title: `${cluster}: ask the BMC of ${name} over Redfish`,
      command: redfish(systemPath(name)),
    },
    {
      title: `${cluster}: switch ${name} on over Redfish`,
      command: redfish(resetPath(name), reset),
    },
  ];
}
