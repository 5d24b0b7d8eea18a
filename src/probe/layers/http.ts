import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:http";
import type { Socket } from "node:net";
import { AttemptFailure, PeerClosed } from "../attempt-failure.ts";
import type { Journey } from "../journey.ts";
import type { Target } from "./connection.ts";
import { standardPort } from "./connection.ts";

/** More of a page than this is not waited for. noVNC's is about 20 kB. */
const LONGEST_BODY_BYTES = 64 * 1024;

/** Asks for the page; resolves when it is there with status 200. */
export async function getPage(socket: Socket, target: Target, journey: Journey): Promise<void> {
  const sent = journey.own(
    request({
      createConnection: () => socket,
      host: target.address.host,
      port: target.address.port,
      defaultPort: standardPort(target.trust !== null),
      path: target.url.pathname + target.url.search,
      headers: headersFor(target.host),
    }).on("error", () => undefined),
  );
  const response = await responseTo(sent);
  if (response.statusCode !== 200) {
    throw new AttemptFailure({ kind: "http-status", status: response.statusCode ?? 0 });
  }
  await wholeBody(response);
}

export const headersFor = (host: string | null): Record<string, string> => ({
  "User-Agent": "blackout",
  ...(host === null ? {} : { Host: host }),
});

async function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    sent.once("response", resolve);
    sent.once("error", reject);
    sent.end();
  });
}

async function wholeBody(response: IncomingMessage): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let received = 0;
    response.on("data", (piece: Buffer) => {
      received += piece.length;
      if (received < LONGEST_BODY_BYTES) return;
      resolve();
      // The rest is not even read: it may have no end.
      response.destroy();
    });
    // Ends before it closes, unless it broke off; an error that nobody needs costs more than the rest of this.
    const brokeOff = (): void => reject(new PeerClosed());
    response.once("end", () => {
      response.off("close", brokeOff);
      resolve();
    });
    response.once("error", reject);
    response.once("close", brokeOff);
  });
}
