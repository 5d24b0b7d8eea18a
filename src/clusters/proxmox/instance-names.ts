/** `uptime` is in whole seconds and is read at another moment than the Date header: starts closer than this are one. */
const SAME_START_SECONDS = 4;

/**
 * Names a running QEMU by node, process id and start, since PVE has no name for it. The start is computed from a
 * rounded uptime, so the first estimate is kept for the same process.
 */
export class InstanceNames {
  readonly #starts = new Map<string, number>();

  /** `startedAt` in epoch seconds of the node. */
  nameOf(node: string, pid: number, startedAt: number): string {
    const key = `${node}/qemu-${pid}`;
    const known = this.#starts.get(key);
    const same = known !== undefined && Math.abs(known - startedAt) < SAME_START_SECONDS;
    const start = same ? known : startedAt;
    this.#starts.set(key, start);
    return `${key}-${start}`;
  }
}
