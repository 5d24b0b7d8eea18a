import { z } from "zod";
import type { ErrorCode } from "../../../base/errors.ts";
import { OperatingError } from "../../../base/errors.ts";
import { listOf } from "../../shared/many.ts";

/** A BMC explains itself in a list (DSP0266 8.6); some send the one message that they have without the list. */
const message = z.object({
  Message: z.string().optional(),
  MessageId: z.string().optional(),
  Resolution: z.string().optional(),
});
const errorBody = z.object({
  error: z.object({
    message: z.string().optional(),
    "@Message.ExtendedInfo": z
      .union([listOf(message), message.transform((one) => [one])])
      .optional(),
  }),
});
/** Enough to understand it; some BMCs add one message for each property of a resource. */
const MOST_MESSAGES = 3;
const MOST_LOOKED_AT = 100;
const LONGEST_EXPLANATION = 400;

/** The BMC's own no, in its own words. `session`: the request carried the token of a session. */
export function redfishRefusal(
  what: string,
  peer: string,
  answer: { readonly status: number; readonly data: unknown; readonly session: boolean },
): OperatingError {
  const [code, why] = whyRefused(answer.status, answer.session);
  const said = explanation(answer.data);
  return new OperatingError(
    code,
    `Cannot ${what} as ${why}: ${peer} answered ${answer.status}${said === "" ? "" : ` (${said})`}`,
    { facts: { peer, status: answer.status } },
  );
}

function whyRefused(status: number, session: boolean): [ErrorCode, string] {
  // A token was given to the right user: that it no longer counts is not for a person to put right.
  if (status === 401 && session) return ["rejected", "the BMC has ended the session"];
  if (status === 401) return ["denied", "the BMC's user name or password is wrong"];
  if (status === 403) return ["denied", "the BMC user's privilege is too low (it needs operator)"];
  if (status === 404) return ["rejected", "the BMC does not know the resource"];
  if (status === 409) return ["rejected", "the BMC cannot do it in its present state"];
  if (isBusy(status)) return ["rejected", "the BMC is busy"];
  return ["rejected", "the BMC refused"];
}

/** The BMC asks to be asked again later. */
export const isBusy = (status: number): boolean => status === 503 || status === 429;

function explanation(data: unknown): string {
  const body = errorBody.safeParse(data).data;
  if (body === undefined) return "";
  const listed = (body.error["@Message.ExtendedInfo"] ?? [])
    .slice(0, MOST_LOOKED_AT)
    .map((each) =>
      [each.Message ?? each.MessageId, each.Resolution]
        .filter((part) => part !== undefined && part !== "" && part !== "None")
        .join(" "),
    );
  const parts = listed.filter((part) => part !== "").slice(0, MOST_MESSAGES);
  const text = parts.length > 0 ? parts.join("; ") : (body.error.message ?? "");
  return text.replaceAll(/\s+/gu, " ").trim().slice(0, LONGEST_EXPLANATION);
}
