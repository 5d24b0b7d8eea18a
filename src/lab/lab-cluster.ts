import type { Instant } from "../base/time.ts";
import type { EventQueue } from "../twin/event-queue.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Random } from "../contracts/random.ts";
import type { LabOrigin } from "../model/lab.ts";
import type { Cluster } from "../model/inventory.ts";
import type { LabNetwork } from "./network/network.ts";

/** What one lab gives to each cluster that it plays. */
export interface LabContext {
  readonly clock: Clock;
  readonly origin: LabOrigin;
  readonly random: Random;
  readonly network: LabNetwork;
  readonly twinTime: TwinTime;
  readonly certificates: CertificateIssuer;
  /** A folder for this lab's CA files, keys and tokens; mode 0700. */
  readonly directory: string;
  /** Every cluster passes on each event of its twin, for `truth.ndjson`. */
  readonly onTruth: (cluster: string, event: TruthEvent) => void;
}

/** An event of a twin, of either kind: plain data. */
export interface TruthEvent {
  readonly at: Instant;
  readonly kind: string;
}

/** Ties the twin's event queue to the lab's clock: events run when they are due and see their exact instants. */
export interface TwinTime {
  readonly queue: EventQueue;
  /** Runs all that is due by now. Call it before reading a twin or telling it something, so that both happen at the present. */
  catchUp(): void;
  /** Like `Date.now() / 1000` of the lab's wall clock, with fraction. */
  wallSeconds(): number;
}

export interface CertificateIssuer {
  /** A fresh CA; `commonName` as the real product names it. */
  createAuthority(commonName: string): Promise<CertificateAuthority>;
}

export interface CertificateAuthority {
  readonly pem: string;
  issueServer(subject: {
    readonly commonName: string;
    readonly dnsNames: readonly string[];
    readonly addresses: readonly string[];
  }): Promise<{ readonly key: string; readonly certificate: string }>;
  issueClient(subject: {
    readonly commonName: string;
    readonly organisation: string;
  }): Promise<{ readonly key: string; readonly certificate: string }>;
}

/** A cluster that answers. */
export interface RunningLabCluster {
  /** Its entry in an ordinary inventory: everything a driver needs to reach it. */
  readonly cluster: Cluster;
  /** How to reach it with curl, kubectl, ssh, ipmitool and a browser: ready to paste, one block a tool. */
  readonly howTo: readonly HowTo[];
  /** Breaks or mends one part while the machine below it lives on. Rejects for a part that this cluster has not. */
  control(command: LabCommand): Promise<void>;
  close(): Promise<void>;
}

export interface HowTo {
  readonly title: string;
  readonly command: string;
}

export interface LabCommand {
  readonly part: "api" | "vnc" | "ingress" | "bmc" | "ssh";
  /** A node for api, bmc and ssh; ignored for vnc and ingress, which mean all desktops. */
  readonly node: string | null;
  readonly working: boolean;
}
