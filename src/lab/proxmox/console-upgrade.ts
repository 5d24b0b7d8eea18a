import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { seconds } from "../../base/time.ts";
import { authenticate } from "./authenticate.ts";
import { ApiError, BareError } from "./api-error.ts";
import type { ApiWorld } from "./api-world.ts";
import type { ConsoleDesk, ConsoleSlot } from "./console-desk.ts";
import { serveConsole } from "./console-session.ts";

const PATH = /^\/api2\/(?:json|extjs)\/nodes\/([^/]+)\/qemu\/(\d+)\/vncwebsocket$/;
const MAXIMUM_MESSAGE_BYTES = 1 << 20;
/** PVE holds every 401 back. */
const DENIED_DELAY = seconds(3);

/** `vncwebsocket` of one node: the second half of the console's ticket flow. */
export class ConsoleUpgrade {
  readonly #world: ApiWorld;
  readonly #desk: ConsoleDesk;
  readonly #asked: string;
  /** The subprotocol is echoed, whatever it is. */
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAXIMUM_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.values().next().value ?? false,
  });

  constructor(world: ApiWorld, desk: ConsoleDesk, asked: string) {
    this.#world = world;
    this.#desk = desk;
    this.#asked = asked;
  }

  async handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => undefined);
    try {
      const slot = this.#admit(request);
      socket.once("close", () => this.#desk.release(slot));
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        void serveConsole(webSocket, slot, this.#world);
      });
    } catch (error) {
      await this.#refuse(socket, error);
    }
  }

  #admit(request: IncomingMessage): ConsoleSlot {
    const world = this.#world;
    const account = authenticate(request.headers, "GET", world);
    const url = new URL(request.url ?? "/", "https://lab");
    const path = PATH.exec(url.pathname);
    if (path === null) {
      throw new ApiError(501, `Method 'GET ${url.pathname}' not implemented`);
    }
    const vmid = path[2] ?? "";
    if (!account.privileged) {
      throw new ApiError(403, `Permission check failed (/vms/${vmid}, VM.Console)`);
    }
    const port = url.searchParams.get("port") ?? "";
    if (!/^59\d\d$/.test(port)) throw new ApiError(400, "Parameter verification failed.");
    const slot = this.#desk.take(this.#asked, Number(port));
    if (slot === null) {
      throw new ApiError(500, `connect to 'localhost:${port}' failed: Connection refused`);
    }
    const right =
      slot.ticket === url.searchParams.get("vncticket") &&
      slot.user === account.id &&
      slot.node === path[1] &&
      String(slot.vmid) === vmid;
    if (!right) {
      this.#desk.release(slot);
      throw new BareError(401, "permission denied - invalid PVEVNC ticket");
    }
    return slot;
  }

  async #refuse(socket: Duplex, error: unknown): Promise<void> {
    if (!(error instanceof ApiError) && !(error instanceof BareError)) throw error;
    if (error.status === 401) await this.#world.clock.sleep(DENIED_DELAY, this.#world.closing);
    socket.end(
      `HTTP/1.1 ${error.status} ${error.message}\r\nServer: pve-api-daemon/3.0\r\n` +
        "Pragma: no-cache\r\nConnection: close\r\n\r\n",
    );
  }
}
