import { AssertionError } from "../../../base/assert.ts";

interface Message {
  /** With `%1`, `%2` for its arguments. */
  readonly text: string;
  readonly severity: "Warning" | "Critical";
  readonly resolution: string;
}

/** Of DMTF's Base message registry 1.16 (DSP8011). */
const BASE = "Base.1.16";
const base = {
  ActionParameterMissing: {
    text: "The action %1 requires the parameter %2 to be present in the request body.",
    severity: "Critical",
    resolution: "Supply the action with the required parameter in the request body.",
  },
  ActionParameterValueNotInList: {
    text: "The value '%1' for the parameter %2 in the action %3 is not in the list of acceptable values.",
    severity: "Warning",
    resolution: "Choose a value from the enumeration list that the implementation can support.",
  },
  CreateFailedMissingReqProperties: {
    text: "The create operation failed because the required property %1 was missing from the request.",
    severity: "Critical",
    resolution: "Correct the body to include the required property with a valid value.",
  },
  HeaderInvalid: {
    text: "Header '%1' is invalid.",
    severity: "Critical",
    resolution: "Resubmit the request with a valid request header.",
  },
  InsufficientPrivilege: {
    text: "There are insufficient privileges for the account or credentials associated with the current session to perform the requested operation.",
    severity: "Critical",
    resolution: "Either abandon the operation or change the associated access rights.",
  },
  MalformedJSON: {
    text: "The request body submitted was malformed JSON and could not be parsed by the receiving service.",
    severity: "Critical",
    resolution: "Ensure that the request body is valid JSON and resubmit the request.",
  },
  NoValidSession: {
    text: "There is no valid session established with the implementation.",
    severity: "Critical",
    resolution: "Establish a session before attempting any operations.",
  },
  OperationNotAllowed: {
    text: "The HTTP method is not allowed on this resource.",
    severity: "Critical",
    resolution: "None.",
  },
  PayloadTooLarge: {
    text: "The supplied payload exceeds the maximum size supported by the service.",
    severity: "Critical",
    resolution: "Ensure that the request body does not exceed the supported payload size.",
  },
  ResourceAtUriUnauthorized: {
    text: "While accessing the resource at '%1', the service received an authorization error '%2'.",
    severity: "Critical",
    resolution: "Ensure that the appropriate access is provided for the service.",
  },
  ResourceMissingAtURI: {
    text: "The resource at the URI '%1' was not found.",
    severity: "Critical",
    resolution: "Place a valid resource at the URI or correct the URI and resubmit the request.",
  },
  SessionLimitExceeded: {
    text: "The session establishment failed due to the number of simultaneous sessions exceeding the limit of the implementation.",
    severity: "Critical",
    resolution: "Reduce the number of other sessions before trying to establish the session.",
  },
} as const satisfies Readonly<Record<string, Message>>;

export type BaseMessage = keyof typeof base;

/** A request that is refused, with the body that the Redfish specification (DSP0266, "Error responses") asks for. */
export class RedfishError extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  private constructor(
    status: number,
    body: { readonly id: string; readonly message: Message; readonly args: readonly string[] },
    headers: Readonly<Record<string, string>>,
  ) {
    const { id, message, args } = body;
    const text = message.text.replaceAll(
      /%(\d)/g,
      (_, digit: string) => args[Number(digit) - 1] ?? "",
    );
    super(text);
    this.status = status;
    this.headers = headers;
    const info = {
      "@odata.type": "#Message.v1_1_2.Message",
      MessageId: id,
      Message: text,
      MessageArgs: args,
      MessageSeverity: message.severity,
      Severity: message.severity,
      Resolution: message.resolution,
    };
    // What is not of the Base registry is announced as a general error of it.
    const code = id.startsWith(BASE) ? id : `${BASE}.GeneralError`;
    this.body = { error: { code, message: text, "@Message.ExtendedInfo": [info] } };
  }

  static of(
    status: number,
    name: BaseMessage,
    args: readonly string[] = [],
    headers: Readonly<Record<string, string>> = {},
  ): RedfishError {
    if (status < 400) throw new AssertionError(`${status} is no error`);
    return new RedfishError(status, { id: `${BASE}.${name}`, message: base[name], args }, headers);
  }

  /** A vendor's own message, as real BMCs have for a reset that the power state forbids. */
  static powerState(state: "on" | "off"): RedfishError {
    const message = {
      text: "The requested operation cannot be done as the system is powered %1.",
      severity: "Warning",
      resolution: "Check the power state and, where it is not the wanted one, ask again.",
    } as const;
    return new RedfishError(409, { id: "Lab.1.0.PowerStateConflict", message, args: [state] }, {});
  }
}
