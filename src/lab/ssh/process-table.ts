interface Process {
  readonly title: string;
  /** It died with this boot, however long the lab still keeps its entry. */
  readonly bootId: string;
}

const FIRST_PID = 4000;
const MAXIMUM_PROCESSES = 64;

/** The shells that run on a node, by their command lines. */
export class ProcessTable {
  readonly #processes = new Map<number, Process>();
  #next = FIRST_PID;

  /** In the table while `work` lasts; null, and not begun, when the table is full. */
  async during<T>(process: Process, work: () => Promise<T>): Promise<T | null> {
    if (this.find("", process.bootId).length >= MAXIMUM_PROCESSES) return null;
    const pid = this.#next++;
    this.#processes.set(pid, process);
    try {
      return await work();
    } finally {
      this.#processes.delete(pid);
    }
  }

  /** The process ids of all whose command lines hold `text`. */
  find(text: string, bootId: string): readonly number[] {
    return [...this.#processes]
      .filter(([, process]) => process.bootId === bootId && process.title.includes(text))
      .map(([pid]) => pid);
  }
}
