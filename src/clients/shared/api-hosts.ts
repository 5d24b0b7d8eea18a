import type { Instant } from "../../base/time.ts";
import { between, inSeconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ApiHost } from "../../model/inventory.ts";

/** A host that was found dead is put behind the others for so long: about a node's shortest boot. */
const DEAD_FOR_SECONDS = 30;

/** Which API host to ask: the one that answered last, then the others, then those lately found dead. */
export class ApiHosts {
  readonly #hosts: readonly ApiHost[];
  readonly #clock: Clock;
  readonly #deadSince = new Map<ApiHost, Instant>();
  #preferred: ApiHost | null = null;
  #avoided: string | null = null;

  constructor(hosts: readonly ApiHost[], clock: Clock) {
    this.#hosts = hosts;
    this.#clock = clock;
  }

  get avoided(): string | null {
    return this.#avoided;
  }

  /** From now on the API host on this node is asked nothing; null: all may be asked again. */
  avoid(node: string | null): void {
    this.#avoided = node;
  }

  /** Best first; never one on the avoided node. Empty when that was the only one. */
  inOrder(): readonly ApiHost[] {
    const allowed = this.#hosts.filter((host) => host.node === null || host.node !== this.#avoided);
    return allowed
      .map((host, index) => ({ host, rank: this.#rank(host), index }))
      .toSorted((a, b) => a.rank - b.rank || a.index - b.index)
      .map(({ host }) => host);
  }

  answered(host: ApiHost): void {
    this.#deadSince.delete(host);
    this.#preferred = host;
  }

  failed(host: ApiHost): void {
    this.#deadSince.set(host, this.#clock.now());
    if (this.#preferred === host) this.#preferred = null;
  }

  #rank(host: ApiHost): number {
    const since = this.#deadSince.get(host);
    const dead =
      since !== undefined && inSeconds(between(since, this.#clock.now())) < DEAD_FOR_SECONDS;
    if (dead) return 2;
    return host === this.#preferred ? 0 : 1;
  }
}
