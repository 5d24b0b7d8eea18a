/** As an inventory takes it: `40s`, `650ms`. */
export const durationInWords = (ms: number): string =>
  ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
