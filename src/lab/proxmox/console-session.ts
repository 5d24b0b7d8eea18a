import type { WebSocket } from "ws";
import { minutes, seconds } from "../../base/time.ts";
import type { VmState } from "../../twin/proxmox/proxmox-twin.ts";
import type { LabDesktop } from "../desktop/desktop.ts";
import { speakRfb } from "../desktop/speak-rfb.ts";
import type { ApiWorld } from "./api-world.ts";
import type { ConsoleSlot } from "./console-desk.ts";
import { isReachable } from "./node-links.ts";
import { nameOf } from "./vm-config.ts";

/** From the accepted WebSocket to QEMU's first word: `qm vncproxy` on the same node, and over ssh on another. */
const LOCAL_START = seconds(0.5);
const REMOTE_START = seconds(1);
/** ssh to a node that is gone: no route. */
const SSH_FAILS = seconds(2.85);
/** An ssh session whose peer died stays until TCP gives up (15 retransmissions, about 924 s). */
const TCP_GIVES_UP = minutes(15.4);

/** One console over an accepted WebSocket, until either side or the VM ends it. PVE ends it without a close frame. */
export async function serveConsole(
  socket: WebSocket,
  slot: ConsoleSlot,
  world: ApiWorld,
): Promise<void> {
  socket.on("error", () => undefined);
  const gone = new AbortController();
  socket.once("close", () => gone.abort(new Error("the console is closed")));
  world.closing.addEventListener("abort", () => socket.terminate(), { signal: gone.signal });
  try {
    await connect(socket, slot, world, gone.signal);
  } catch {
    socket.terminate();
  }
}

async function connect(
  socket: WebSocket,
  slot: ConsoleSlot,
  world: ApiWorld,
  gone: AbortSignal,
): Promise<void> {
  const local = slot.node === slot.asked;
  socket.pause();
  if (!local && world.downSince(slot.node) !== null) {
    await world.clock.sleep(SSH_FAILS, gone);
    socket.terminate();
    return;
  }
  await world.clock.sleep(local ? LOCAL_START : REMOTE_START, gone);
  world.twinTime.catchUp();
  const vm = world.twin.vms().find((each) => each.vmid === slot.vmid && each.node === slot.node);
  if (vm === undefined || !hasScreen(vm) || !world.vncWorks()) {
    socket.terminate();
    return;
  }
  const stop = watchGuest(socket, slot, world, gone);
  gone.addEventListener("abort", stop, { once: true });
  socket.resume();
  speakRfb(socket, screenOf(vm, slot, world));
}

/** QEMU's VNC server answers from its start on, long before the guest does. */
const hasScreen = (vm: VmState): boolean =>
  vm.guest.phase !== "off" && vm.guest.phase !== "starting";

const screenOf = (vm: VmState, slot: ConsoleSlot, world: ApiWorld): LabDesktop => ({
  clock: world.clock,
  name: () => `QEMU (${nameOf(vm)})`,
  password: () => slot.password,
  vncUp: () => world.vncWorks(),
});

/** When the VM stops or moves, the console closes; when its node dies or is cut off, the picture just stands still. */
function watchGuest(
  socket: WebSocket,
  slot: ConsoleSlot,
  world: ApiWorld,
  gone: AbortSignal,
): () => void {
  const ended = async (): Promise<void> => {
    // The twin tells of its guests before it tells of their node.
    await Promise.resolve();
    if (world.downSince(slot.node) !== null) {
      socket.pause();
      await world.clock.sleep(TCP_GIVES_UP, gone);
    }
    socket.terminate();
  };
  return world.twin.subscribe((event) => {
    if (event.kind === "link" && event.node === slot.node && !isReachable(world.twin, event.node)) {
      socket.pause();
    } else if (event.kind === "link" && event.node === slot.node) {
      socket.resume();
    }
    if (event.kind !== "guest" || event.vmid !== slot.vmid) return;
    if (event.state.phase === "off" || event.node !== slot.node) ended().catch(() => undefined);
  });
}
