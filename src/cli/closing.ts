export interface Closable {
  close(): Promise<void>;
}

export interface Closed<T> {
  readonly value: T;
  /** Why files could not be closed: what was written to them last may not be there. */
  readonly unsaved: readonly unknown[];
}

/**
 * Does it, then closes every file, whatever happened. What `act` came to is never replaced by a file that cannot be
 * closed: on a full disk neither can, and what a run left undone matters more.
 */
export async function closingAfter<T>(
  files: readonly Closable[],
  act: () => Promise<T>,
): Promise<Closed<T>> {
  const unsaved: unknown[] = [];
  try {
    return { value: await act(), unsaved };
  } finally {
    for (const file of files) {
      await file.close().catch((error: unknown) => unsaved.push(error));
    }
  }
}
