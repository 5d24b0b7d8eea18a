/**
 * What the API refuses, in PVE's words: `reason` is the HTTP reason phrase. `trailing` is what PVE appends to the
 * message of its body: a newline for all that `die` says, nothing for what the server itself says.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: Readonly<Record<string, string>> | null;
  readonly trailing: string;

  constructor(
    status: number,
    reason: string,
    details: { errors?: Readonly<Record<string, string>>; trailing?: string } = {},
  ) {
    super(reason);
    this.name = "ApiError";
    this.status = status;
    this.errors = details.errors ?? null;
    this.trailing = details.trailing ?? "\n";
  }
}

/** An answer with a reason phrase and no body at all: 401 of the server, 595 and 596 of its proxy. */
export class BareError extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.name = "BareError";
    this.status = status;
  }
}

export const parameterError = (errors: Readonly<Record<string, string>>): ApiError =>
  new ApiError(400, "Parameter verification failed.", { errors });
