import type { SecretRef } from "../model/secret.ts";

/** Where and how a probe attempt goes. Every attempt uses fresh sockets. */
export type Endpoint = NovncEndpoint | TicketEndpoint | TcpEndpoint;

export interface NovncEndpoint {
  readonly kind: "novnc";
  /** `http://host:port/vnc.html`: must answer 200. */
  readonly page_url: string;
  /** `ws://host:port/websockify`. */
  readonly websocket_url: string;
  /** Sent as the Host header when the address is not the name (an Ingress); null: the URL's own. */
  readonly host_header: string | null;
  readonly vnc_password: SecretRef | null;
  /** PEM of the CA to trust for https / wss; null: the system's. */
  readonly ca_pem: string | null;
}

/** PVE's console: each attempt first asks the API for a ticket, then opens the WebSocket that it names. */
export interface TicketEndpoint {
  readonly kind: "ticket";
  /** Attempts closer together than this load the cluster with tasks. */
  readonly minimum_period_ms: number;
  /** `host:port` of the API that is asked next, for the TCP layer; or throws an OperatingError. */
  readonly address: () => { readonly host: string; readonly port: number };
  /** The http layer: asks for a ticket. Rejects with an OperatingError where there is none. */
  readonly open: (signal: AbortSignal) => Promise<ConsoleTicket>;
}

/** A port and nothing behind it: whoever accepts there shows that the prober can still reach somebody. */
export interface TcpEndpoint {
  readonly kind: "tcp";
  /** Where the next attempt goes; or throws an OperatingError where there is nobody to try, which says nothing of anybody. */
  readonly address: () => { readonly host: string; readonly port: number };
}

export interface ConsoleTicket {
  readonly websocket_url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly vnc_password: string;
  readonly ca_pem: string | null;
  /** SHA-256 the server's certificate must have, when it is pinned instead of trusted by CA. */
  readonly fingerprint: string | null;
  /** Instance as the API told it (node and QEMU start): here the RFB name does not tell. */
  readonly instance: string | null;
}
