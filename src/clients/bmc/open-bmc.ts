import type { BmcAccess } from "../../model/inventory.ts";
import type { BmcSession, BmcTools } from "./bmc-session.ts";

/** A session with a BMC, the way the inventory wants it. Proves address, user and password. */
export async function openBmc(access: BmcAccess, tools: BmcTools): Promise<BmcSession> {
  if (access.kind === "redfish") {
    const { openRedfishSession } = await import("./redfish/redfish-session.ts");
    return await openRedfishSession(access, tools);
  }
  switch (access.via) {
    case "builtin": {
      const { openRmcpSession } = await import("./rmcp-session.ts");
      return await openRmcpSession(access, tools);
    }
    case "ipmitool": {
      const { openIpmitoolSession } = await import("./ipmitool-session.ts");
      return await openIpmitoolSession(access, tools);
    }
  }
}
