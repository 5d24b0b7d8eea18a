import { OperatingError } from "../../base/errors.ts";
import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import { parse } from "../../clients/shared/parse.ts";
import { guestInterfaces } from "../../clients/proxmox/replies.ts";
import type { NovncEndpoint } from "../../contracts/endpoint.ts";
import type { ProxmoxDesktop, ProxmoxReach } from "../../model/experiment.ts";
import { findVm } from "../../clients/proxmox/calls.ts";
import type { Session } from "./session.ts";
import { found, stillWaiting, waitUntil } from "./wait-until.ts";

type GuestReach = Extract<ProxmoxReach, { kind: "guest" }>;

/** noVNC served by the guest: at the address given, or at the one that its guest agent tells. */
export async function guestEndpoint(
  session: Session,
  vmid: number,
  spec: Pick<ProxmoxDesktop, "vnc_password"> & { readonly reach: GuestReach },
  signal: AbortSignal,
): Promise<NovncEndpoint> {
  const { reach } = spec;
  const address = reach.address ?? (await askAgent(session, vmid, signal));
  const authority = `${address.includes(":") ? `[${address}]` : address}:${reach.port}`;
  return {
    kind: "novnc",
    page_url: new URL(reach.page, `http://${authority}/`).href,
    websocket_url: new URL(reach.websocket, `ws://${authority}/`).href,
    host_header: null,
    vnc_password: spec.vnc_password,
    ca_pem: null,
  };
}

async function askAgent(session: Session, vmid: number, signal: AbortSignal): Promise<string> {
  return await waitUntil(
    `the guest agent of VM ${vmid} to tell its address`,
    session.clock,
    async () => {
      const vm = await findVm(session.api, vmid, signal);
      if (vm === null) return stillWaiting("no such VM");
      try {
        const paths = session.api.paths(signal);
        const data: unknown = await paths.nodes
          .$(vm.node)
          .qemu.$(vmid)
          .agent["network-get-interfaces"].$get();
        const address = addressIn(parse(guestInterfaces, data, "the guest agent").result);
        return address === null ? stillWaiting("no address yet") : found(address);
      } catch (error) {
        signal.throwIfAborted();
        return stillWaiting(whyNotYet(error, vmid));
      }
    },
    signal,
  );
}

type Interfaces = ReturnType<(typeof guestInterfaces)["parse"]>["result"];

/** The first address that others can use, IPv4 before IPv6. By name of the interface, since a lab's guests are on 127/8. */
export function addressIn(interfaces: Interfaces): string | null {
  const addresses = interfaces
    .filter(({ name }) => name !== "lo")
    .flatMap((each) => each["ip-addresses"]);
  const usable = addresses.filter(
    (each) => !/^(169\.254\.|fe80:)/i.test(each["ip-address"]) && each["ip-address"] !== "",
  );
  const first =
    usable.find((each) => each["ip-address-type"] === "ipv4") ??
    usable.find((each) => each["ip-address-type"] === "ipv6");
  return first?.["ip-address"] ?? null;
}

/** An agent that is not running yet, or a VM on the move, is waited for; one that can never answer is an error. */
function whyNotYet(error: unknown, vmid: number): string {
  if (!(error instanceof OperatingError) || error.code === "denied") throw error;
  if (error instanceof ProxmoxApiError && /no qemu guest agent configured/i.test(error.reason)) {
    throw new OperatingError(
      "configuration",
      `Cannot find the address of VM ${vmid} as it has no guest agent configured. Set agent=1 on the VM or template and install qemu-guest-agent in it, or give desktop.reach.address`,
      { cause: error },
    );
  }
  return error.message;
}
