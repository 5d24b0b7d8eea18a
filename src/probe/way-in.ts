import { OperatingError } from "../base/errors.ts";
import type { NovncEndpoint, TcpEndpoint, TicketEndpoint } from "../contracts/endpoint.ts";
import type { Layer } from "../model/experiment.ts";
import { NobodyToTry } from "./attempt-failure.ts";
import { gets } from "./depth.ts";
import type { AttemptContext, Door } from "./layers/connection.ts";
import { connectInTime, secured, targetOf } from "./layers/connection.ts";
import { getPage } from "./layers/http.ts";
import type { Address } from "./layers/tcp.ts";
import type { Passwords } from "./passwords.ts";

/** tcp and http as a browser does them: the page first. Null when no more was asked for. */
export async function throughPage(
  endpoint: NovncEndpoint,
  depth: Layer,
  context: AttemptContext,
  passwords: Passwords,
): Promise<Door | null> {
  const { journey } = context;
  const trusted = { ca_pem: endpoint.ca_pem, fingerprint: null };
  const page = targetOf(endpoint.page_url, endpoint.host_header, trusted);
  const password = gets(depth, "websocket") ? await passwords.resolve(endpoint.vnc_password) : null;
  const trust = gets(depth, "http") ? page.trust : null;
  const socket = await connectInTime(page.address, trust, context);
  journey.arrive("tcp");
  if (!gets(depth, "http")) return null;
  journey.enter("http");
  await getPage(await secured(socket, page), page, journey);
  journey.arrive("http");
  if (!gets(depth, "websocket")) return null;
  return {
    target: targetOf(endpoint.websocket_url, endpoint.host_header, trusted),
    headers: {},
    password,
  };
}

/** A bare port: tcp is all there is, whatever depth was asked for. */
export async function throughPort(endpoint: TcpEndpoint, context: AttemptContext): Promise<null> {
  await connectInTime(addressOf(endpoint), null, context);
  context.journey.arrive("tcp");
  return null;
}

function addressOf(endpoint: TcpEndpoint): Address {
  try {
    return endpoint.address();
  } catch (error) {
    throw error instanceof OperatingError ? new NobodyToTry(error) : error;
  }
}

/** The same through a console: its API first, which then names the WebSocket. Who runs there is told by the API, too. */
export async function throughTicket(
  endpoint: TicketEndpoint,
  depth: Layer,
  context: AttemptContext,
): Promise<Door | null> {
  const { journey } = context;
  await connectInTime(endpoint.address(), null, context);
  journey.arrive("tcp");
  if (!gets(depth, "http")) return null;
  journey.enter("http");
  const ticket = await endpoint.open(context.deadline);
  journey.arrive("http");
  journey.instance = ticket.instance;
  if (!gets(depth, "websocket")) return null;
  return {
    target: targetOf(ticket.websocket_url, null, ticket),
    headers: ticket.headers,
    password: ticket.vnc_password,
  };
}
