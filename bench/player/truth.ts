/** When something took effect: not before the first, not after the second. Nanoseconds of the machine's monotonic clock. */
export type SpanNs = readonly [before: number, after: number];

/**
 * The machine's monotonic clock, which all its processes share. A double holds whole nanoseconds for the first 104 days
 * after the machine's start, and to the microsecond for ever.
 */
export const machineNs = (): number => Number(process.hrtime.bigint());

/** When an act took effect that has done so as soon as it returns. */
export function atOnce(act: () => void): SpanNs {
  const before = machineNs();
  act();
  return [before, machineNs()];
}

/** When an act took effect that has done so when what it promises has come. */
export async function untilDone(act: () => Promise<void>): Promise<SpanNs> {
  const before = machineNs();
  await act();
  return [before, machineNs()];
}
