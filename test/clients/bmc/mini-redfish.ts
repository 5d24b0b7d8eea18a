import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

const fixtures = new URL("../../fixtures/pve-api/", import.meta.url);
export const caPath = new URL("ca.pem", fixtures).pathname;
export const otherCaPath = new URL("other-ca.pem", fixtures).pathname;

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens instead of an answer. */
type Trouble = Reply | "hang" | "drop" | "endless" | "garbage";

export interface MiniRedfish {
  readonly url: string;
  /** `POST /redfish/v1/... {"ResetType":"On"}`, in order. */
  readonly asked: string[];
  readonly sessions: Set<string>;
  /** By path. Tests change them at will. */
  readonly resources: Map<string, unknown>;
  /** What the service does with sessions: null makes them. */
  sessionRefusal: number | null;
  /** Asked before everything else. */
  trouble: (line: string) => Trouble | null;
  close(): Promise<void>;
}

const SYSTEM = "/redfish/v1/Systems/node-7";
const SESSIONS = "/redfish/v1/SessionService/Sessions";

export const explained = (...messages: readonly string[]): unknown => ({
  error: {
    code: "Base.1.0.GeneralError",
    message: "See ExtendedInfo",
    "@Message.ExtendedInfo": messages.map((Message) => ({ Message, MessageId: "Base.1.0.X" })),
  },
});

/** A BMC's Redfish service on loopback with one system, written from DSP0266 and DSP0268. */
export async function startMiniRedfish(account: {
  readonly user: string;
  readonly password: string;
}): Promise<MiniRedfish> {
  const sockets = new Set<Duplex>();
  const state = {
    asked: new Array<string>(),
    sessions: new Set<string>(),
    resources: firstResources(),
    sessionRefusal: null as number | null,
    trouble: ((_line: string) => null) as MiniRedfish["trouble"],
  };
  const tokens = new Map<string, string>();
  const basic = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString("base64")}`;
  const isKnown = ({ headers }: IncomingMessage): boolean =>
    headers.authorization === basic || tokens.has(String(headers["x-auth-token"]));

  function createSession(body: string): Reply {
    if (state.sessionRefusal !== null) return { status: state.sessionRefusal };
    const { UserName, Password } = JSON.parse(body) as Record<string, string>;
    if (UserName !== account.user || Password !== account.password) {
      return { status: 401, body: explained("Wrong user or password") };
    }
    const token = randomUUID();
    const path = `${SESSIONS}/${tokens.size + 1}`;
    tokens.set(token, path);
    state.sessions.add(path);
    // As some BMCs do: an address by which nobody else knows them.
    const location = `https://bmc.internal${path}`;
    return { status: 201, headers: { "x-auth-token": token, location }, body: {} };
  }

  function endSession(path: string): Reply {
    for (const [token, owned] of tokens) if (owned === path) tokens.delete(token);
    return state.sessions.delete(path) ? { status: 204 } : { status: 404 };
  }

  function answer(request: IncomingMessage, path: string, body: string): Reply {
    if (path === "/redfish/v1/") return { status: 200, body: state.resources.get(path) };
    if (request.method === "POST" && path === SESSIONS) return createSession(body);
    if (!isKnown(request)) return { status: 401, body: explained("Log in first") };
    if (request.method === "DELETE") return endSession(path);
    if (request.method === "POST" && path.endsWith("/ComputerSystem.Reset")) return { status: 204 };
    const found = state.resources.get(path);
    return found === undefined
      ? { status: 404, body: explained("No such resource") }
      : { status: 200, body: found };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    state.asked.push(body === "" ? line : `${line} ${body}`);
    const reply = state.trouble(line) ?? answer(request, request.url ?? "", body);
    if (typeof reply === "string") {
      misbehave(reply, request, response);
      return;
    }
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
  }

  const server = createServer(
    {
      key: await readFile(new URL("server.key", fixtures)),
      cert: await readFile(new URL("server.pem", fixtures)),
    },
    (request, response) => {
      serve(request, response).catch(() => request.socket.destroy());
    },
  );
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return Object.assign(state, {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  });
}

function misbehave(
  how: Extract<Trouble, string>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (how === "drop") request.socket.destroy();
  if (how === "garbage") response.end("<html>Welcome</html>");
  if (how !== "endless") return;
  const more = (): void => {
    while (!response.destroyed && response.write("x".repeat(65_536)));
  };
  response.on("drain", more);
  more();
}

const firstResources = (): Map<string, unknown> =>
  new Map<string, unknown>([
    [
      "/redfish/v1/",
      {
        Systems: { "@odata.id": "/redfish/v1/Systems" },
        Links: { Sessions: { "@odata.id": SESSIONS } },
      },
    ],
    ["/redfish/v1/Systems", { Members: [{ "@odata.id": SYSTEM }] }],
    [SYSTEM, aSystem()],
  ]);

/** As a BMC describes it; `change` for what a test is about. */
export const aSystem = (change: object = {}): object => ({
  Id: "node-7",
  UUID: "00112233-4455-6677-8899-AABBCCDDEEFF",
  PowerState: "On",
  Actions: {
    "#ComputerSystem.Reset": {
      target: `${SYSTEM}/Actions/ComputerSystem.Reset`,
      "ResetType@Redfish.AllowableValues": [
        "On",
        "ForceOff",
        "GracefulShutdown",
        "ForceRestart",
        "PowerCycle",
      ],
    },
  },
  ...change,
});
