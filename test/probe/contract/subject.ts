import type { NovncEndpoint } from "../../../src/contracts/endpoint.ts";
import type { SampleResult } from "../../../src/model/sample.ts";

/** A kind of desktop that the probe must get along with. */
export interface Subject {
  readonly name: string;
  readonly start: () => Promise<Desktop>;
  /** How many attempts in a row it has to bear. */
  readonly inARow: number;
  /** Parts of the contract for what only some desktops have. */
  readonly also: readonly Clause[];
  /** What is seen while the VNC server is dead and all before it lives. */
  readonly withoutVnc: Extract<SampleResult, { kind: "bad" }>;
}

/** Registers tests of a desktop that runs when they do. */
export type Clause = (desktop: () => Desktop) => void;

/** One that runs. */
export interface Desktop {
  readonly endpoint: NovncEndpoint;
  /** A part of the name by which it calls itself. */
  readonly instance: string;
  /** Gives the screen another size than it has, where the subject can. */
  readonly resize: () => Promise<void>;
  /** Ends the VNC server alone. */
  readonly killVnc: () => Promise<void>;
  /** Ends all that is left. Done twice, it does nothing. */
  readonly stop: () => Promise<void>;
}

export const websockifyWithoutVnc: Subject["withoutVnc"] = {
  kind: "bad",
  reached: "websocket",
  failure: {
    kind: "websocket-close",
    code: 1011,
    reason: "Failed to connect to downstream server",
  },
};

export async function cannotResize(): Promise<void> {
  await Promise.reject(new Error("nobody can give this desktop another size"));
}
