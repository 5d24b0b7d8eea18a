import { describeError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import { between, milliseconds } from "../../base/time.ts";
import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { PulsePatience } from "../../clients/shared/pulse-patience.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ApiHost } from "../../model/inventory.ts";

/** Between a look and the next one a host is asked for a sign of life that often. */
export const PULSE_PERIOD = milliseconds(250);
/**
 * Silence after which it is left for another: 650 ms after its death, which leaves 350 for a look elsewhere. `/version`
 * needs neither the cluster's files nor another node, and answers in a few milliseconds, in corosync's freeze too.
 */
const PULSE = milliseconds(400);

/** Signs of life of API hosts. */
export class Pulses {
  readonly #api: ProxmoxApi;
  readonly #clock: Clock;
  readonly #patience = new Map<ApiHost, PulsePatience>();

  constructor(api: ProxmoxApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Null when it lives; else why it is taken for dead, and it stands behind the others from then on. */
  async pulse(host: ApiHost, signal: AbortSignal): Promise<string | null> {
    const patience = this.#patienceOf(host);
    const deadline = patience.deadline();
    const began = this.#clock.now();
    const ask = async (): Promise<unknown> =>
      await this.#api.call({ method: "GET", path: "/version", host, deadline }, signal);
    try {
      await ask().catch(async (error: unknown) => {
        // Servers close idle connections when they like; a fresh one tells whether this one lives.
        if (deadline.aborted || error instanceof ProxmoxApiError) throw error;
        await ask();
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProxmoxApiError)) {
        if (deadline.aborted) patience.wasSilent();
        this.#api.doubt(host);
        return describeError(error);
      }
    }
    patience.answered(between(began, this.#clock.now()));
    return null;
  }

  /** A look that succeeded is a sign of life, too. */
  answered(host: ApiHost, took: Duration): void {
    this.#patienceOf(host).answered(took);
  }

  #patienceOf(host: ApiHost): PulsePatience {
    const patience = this.#patience.get(host) ?? new PulsePatience(PULSE, this.#clock);
    this.#patience.set(host, patience);
    return patience;
  }
}
