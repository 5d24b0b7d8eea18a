/** Thrown only by a bug of ours; never caught to be ignored. */
export class AssertionError extends Error {
  constructor(message: string) {
    super(`This is a bug in blackout: ${message}`);
    this.name = "AssertionError";
  }
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The value, which must be there: a missing one is a bug, not a state of the world. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`${what} is missing`);
  return value;
}

/** Ends a complete switch: a case that the compiler did not see is a bug. */
export function unreachable(value: never): never {
  throw new AssertionError(`no case for ${JSON.stringify(value)}`);
}
