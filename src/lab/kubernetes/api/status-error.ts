/** An answer that is a Status object of kind Failure, with the API server's own words and codes. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: number,
    reason: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "StatusError";
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export interface Named {
  readonly group: string;
  readonly plural: string;
}

/** `deployments.apps`, and just `pods` in the core group. */
const qualified = (resource: Named): string =>
  resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;

const about = (resource: Named, name: string): Readonly<Record<string, unknown>> => ({
  name,
  group: resource.group === "" ? undefined : resource.group,
  kind: resource.plural,
});

export const notFound = (resource: Named, name: string): StatusError =>
  new StatusError(
    404,
    "NotFound",
    `${qualified(resource)} "${name}" not found`,
    about(resource, name),
  );

export const alreadyExists = (resource: Named, name: string): StatusError =>
  new StatusError(
    409,
    "AlreadyExists",
    `${qualified(resource)} "${name}" already exists`,
    about(resource, name),
  );

export const conflict = (resource: Named, name: string, why: string): StatusError =>
  new StatusError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    about(resource, name),
  );

/** Why a write meets another object than it was meant for. */
export const uidMismatch = (wanted: string, found: string): string =>
  `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`;

export const invalid = (
  kind: string,
  name: string,
  causes: readonly { readonly field: string; readonly message: string }[],
): StatusError =>
  new StatusError(
    422,
    "Invalid",
    `${kind} "${name}" is invalid: ${causes.map((each) => `${each.field}: ${each.message}`).join(", ")}`,
    {
      name,
      kind,
      causes: causes.map((each) => ({ reason: "FieldValueInvalid", ...each })),
    },
  );

export const badRequest = (message: string): StatusError =>
  new StatusError(400, "BadRequest", message);

export const forbidden = (resource: Named, name: string, why: string): StatusError =>
  new StatusError(
    403,
    "Forbidden",
    `${qualified(resource)} "${name}" is forbidden: ${why}`,
    about(resource, name),
  );

export const pageNotFound = (): StatusError =>
  new StatusError(404, "NotFound", "the server could not find the requested resource");

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
  );

export const gone = (message: string): StatusError => new StatusError(410, "Expired", message);

export const statusOf = (error: StatusError): Readonly<Record<string, unknown>> => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: error.message,
  reason: error.reason,
  details: error.details,
  code: error.code,
});
