import type { Socket } from "node:net";
import { assert } from "../../src/base/assert.ts";
import type { LabHost } from "../../src/lab/network/network.ts";
import type { Condition, Desk } from "./connection.ts";
import { Connection } from "./connection.ts";
import type { Manner } from "./outage.ts";
import type { SpanNs } from "./truth.ts";
import { atOnce, machineNs, untilDone } from "./truth.ts";

export const PORT = 6080;

/**
 * A desktop that goes down and comes back when told, in any of the manners, and says when that took effect: from when
 * on an attempt through all layers that met only that moment would have failed, or succeeded.
 */
export class PlayedDesktop {
  readonly #host: LabHost;
  readonly #desk: Desk;
  readonly #connections = new Set<Connection>();
  #condition: Condition = { kind: "well" };
  #down: Manner | null = null;

  constructor(host: LabHost, answer_ms: number) {
    this.#host = host;
    this.#desk = { condition: () => this.#condition, answer_ms };
  }

  get address(): string {
    return this.#host.address;
  }

  async open(): Promise<void> {
    await this.#host.listen(PORT, (socket) => this.#accept(socket));
  }

  async strike(manner: Manner): Promise<SpanNs> {
    assert(this.#down === null, "a desktop that is down was struck");
    this.#down = manner;
    switch (manner.kind) {
      case "refused":
        return await untilDone(async () => await this.#host.unlisten(PORT));
      case "silent":
        return await this.#silence();
      case "reset":
      case "mute":
      case "http-error":
      case "vnc-down":
      case "frozen":
        return atOnce(() => this.#fall(manner));
    }
  }

  async recover(): Promise<SpanNs> {
    const manner = this.#down;
    assert(manner !== null, "a desktop that is up was told to come back");
    this.#down = null;
    switch (manner.kind) {
      case "silent":
        // First the machine, whose port refuses, then what it serves: so the moment is known to a fraction of a millisecond.
        await this.#host.unlisten(PORT);
        await this.#host.wake();
        return await untilDone(async () => await this.open());
      case "refused":
        return await untilDone(async () => await this.open());
      case "reset":
      case "mute":
      case "http-error":
      case "vnc-down":
      case "frozen":
        return atOnce(() => this.#rise(manner));
    }
  }

  async close(): Promise<void> {
    await this.#host.unlisten(PORT);
  }

  #accept(socket: Socket): void {
    if (this.#condition.kind === "reset") {
      socket.resetAndDestroy();
      return;
    }
    const connection = new Connection(socket, this.#desk);
    if (this.#condition.kind === "mute") connection.mute();
    this.#connections.add(connection);
    socket.once("close", () => this.#connections.delete(connection));
  }

  /** Nobody is served any more from the turn on in which the sockets are given away; the queues fill up later. */
  async #silence(): Promise<SpanNs> {
    const before = machineNs();
    const done = this.#host.silence();
    await nextTurn();
    const after = machineNs();
    await done;
    return [before, after];
  }

  #fall(condition: Condition): void {
    this.#condition = condition;
    for (const connection of this.#connections) {
      if (condition.kind === "reset") connection.socket.resetAndDestroy();
      if (condition.kind === "http-error") connection.socket.destroy();
      if (condition.kind === "mute") connection.mute();
      if (condition.kind === "vnc-down") connection.loseVnc();
    }
  }

  #rise(from: Manner): void {
    this.#condition = { kind: "well" };
    if (from.kind !== "frozen") return;
    for (const connection of this.#connections) connection.thaw(from.thaws);
  }
}

async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
