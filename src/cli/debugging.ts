/** The stack of an error, where the user has asked for it; else nothing. */
export const debugging = (error: unknown): string =>
  process.env["BLACKOUT_DEBUG"] !== undefined && error instanceof Error
    ? `${error.stack ?? ""}\n`
    : "";
