import type { ErrorCode } from "../../base/errors.ts";
import { OperatingError } from "../../base/errors.ts";

/** RMCP+ status codes (IPMI 2.0 table 13-15) as far as a user can do something about them. */
export function rakpRefusal(
  status: number,
  step: string,
  suite: number,
  user: string,
): OperatingError {
  const [code, why] = whyRefused(status, suite, user);
  return new OperatingError(
    code,
    `Cannot open an IPMI session as ${why}: the status of ${step} is 0x${hex(status)}`,
    { facts: { status, step } },
  );
}

function whyRefused(status: number, suite: number, user: string): [ErrorCode, string] {
  switch (status) {
    case 0x01:
      return ["rejected", "the BMC has no session left (its sessions end after about a minute)"];
    case 0x09:
    case 0x0a:
      return ["denied", `user "${user}" may not act as operator (give it operator privilege)`];
    case 0x0c:
    case 0x0d:
      return ["denied", `the BMC does not know user "${user}"`];
    case 0x0f:
      return ["denied", "the password is wrong"];
    case 0x04:
    case 0x05:
    case 0x10:
    case 0x11:
      return [
        "rejected",
        `the BMC does not offer cipher suite ${suite} (try cipher_suite: ${suite === 3 ? 17 : 3})`,
      ];
    default:
      return ["rejected", "the BMC refused"];
  }
}

/** Completion codes of commands (IPMI 2.0 table 5-2). */
export function commandRefusal(code: number, what: string): OperatingError {
  const [kind, why] = whyNotDone(code);
  return new OperatingError(
    kind,
    `Cannot ${what} as ${why}: the completion code is 0x${hex(code)}`,
    { facts: { completion_code: code } },
  );
}

/** The BMC asks to be asked again later: busy, out of space, timed out, initialising. */
export const isPassing = (code: number): boolean => [0xc0, 0xc3, 0xc4, 0xd2].includes(code);

function whyNotDone(code: number): [ErrorCode, string] {
  if (code === 0xd4) return ["denied", "the BMC user's privilege is too low (it needs operator)"];
  if (isPassing(code)) return ["rejected", "the BMC is busy"];
  if (code === 0xc1) return ["rejected", "the BMC does not know this command"];
  if (code === 0xd5) return ["rejected", "the BMC cannot do it in its present state"];
  return ["rejected", "the BMC refused"];
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
