/** Of memory, in bytes: objects, and buffers beside them. */
const inUse = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** By how much memory in use grew at most while `act` went on. Garbage counts until it is collected. */
export async function grownDuring(act: () => Promise<void>): Promise<number> {
  const before = inUse();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, inUse());
  }, 5);
  try {
    await act();
  } finally {
    clearInterval(timer);
  }
  return Math.max(most, inUse()) - before;
}
