/** Those who are told of something. One that throws hears nothing any more, and the others do not notice. */
export class Audience<Member> {
  readonly #members = new Map<string, Member>();
  readonly #onDropped: OnDropped;

  constructor(onDropped: OnDropped) {
    this.#onDropped = onDropped;
  }

  /** `name`, as in "the live view is told nothing any more". */
  add(name: string, member: Member): void {
    this.#members.set(name, member);
  }

  tell(act: (member: Member) => void): void {
    for (const [name, member] of this.#members) {
      try {
        act(member);
      } catch (error) {
        this.#members.delete(name);
        this.#onDropped(name, error);
      }
    }
  }
}

/** Told once of each, and must not throw. */
export type OnDropped = (name: string, error: unknown) => void;
