import type { VmState } from "../../twin/proxmox/proxmox-twin.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Reply, Route } from "./router.ts";
import { vmOn } from "./api-world.ts";
import { hasAgent } from "./vm-config.ts";

const AGENT = "/nodes/{node}/qemu/{vmid}/agent";
const PERMISSION = ["/vms/{vmid}", "VM.GuestAgent.Audit"] as const;

/** The guest agent: it runs as soon as the guest has its network. */
export const agentRoutes: readonly Route[] = [
  {
    method: "POST",
    template: `${AGENT}/ping`,
    permission: PERMISSION,
    handle: (call) => {
      answeringGuest(call);
      return { data: { result: {} } };
    },
  },
  {
    method: "GET",
    template: `${AGENT}/network-get-interfaces`,
    permission: PERMISSION,
    handle: interfaces,
  },
];

function answeringGuest({ world, node, path }: Call): VmState {
  const vm = vmOn(world, node, path("vmid"));
  if (!hasAgent(vm.config)) throw new ApiError(500, "No QEMU guest agent configured");
  if (vm.guest.phase === "off") throw new ApiError(500, `VM ${vm.vmid} is not running`);
  if (vm.guest.phase !== "network" && vm.guest.phase !== "up") {
    throw new ApiError(500, "QEMU guest agent is not running");
  }
  return vm;
}

function interfaces(call: Call): Reply {
  const vm = answeringGuest(call);
  const address = call.world.guestAddress(vm.vmid);
  const loopback = {
    name: "lo",
    "hardware-address": "00:00:00:00:00:00",
    "ip-addresses": [{ "ip-address": "127.0.0.1", "ip-address-type": "ipv4", prefix: 8 }],
  };
  const card = {
    name: "eth0",
    "hardware-address": hardwareAddress(vm.vmid),
    "ip-addresses":
      address === null ? [] : [{ "ip-address": address, "ip-address-type": "ipv4", prefix: 24 }],
  };
  return { data: { result: [loopback, card] } };
}

/** In Proxmox's own range, with the VM's number in it. */
function hardwareAddress(vmid: number): string {
  const hex = vmid.toString(16).padStart(6, "0").slice(-6);
  return `bc:24:11:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}
