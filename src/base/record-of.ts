/** One value for each of `keys`, in their order. */
export const recordOf = <Key extends string, Value>(
  keys: readonly Key[],
  of: (key: Key) => Value,
): Readonly<Record<Key, Value>> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets its keys
  Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<Key, Value>;
