import type { LabLink, LabMachine } from "../machine.ts";

/**
 * Which default routes are there. A kernel drops a route when its link goes down, and does not bring it back with the
 * link: somebody has to put it in again, or boot.
 */
export class RouteTable {
  readonly #machine: LabMachine;
  /** Boot and link of each. */
  readonly #lost = new Set<string>();

  constructor(machine: LabMachine) {
    this.#machine = machine;
  }

  hasDefault(link: LabLink): boolean {
    return link.up && link.gateway !== null && !this.#lost.has(this.#key(link));
  }

  lose(link: LabLink): void {
    this.#lost.add(this.#key(link));
  }

  replace(link: LabLink): void {
    this.#lost.delete(this.#key(link));
  }

  #key(link: LabLink): string {
    return `${this.#machine.bootId()} ${link.name}`;
  }
}
