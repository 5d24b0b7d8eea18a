import { z } from "zod";
import { OperatingError } from "../../../base/errors.ts";
import { listOf } from "../../shared/many.ts";

/** What we read of Redfish's resources (DSP0268). All else passes unseen, as every vendor adds some. */

/** Where the service starts (DSP0266 6.3): readable without logging in. */
export const ROOT = "/redfish/v1/";

/** A reference to a resource on the same service. Whatever host it may name, the path is what counts. */
const reference = z
  .object({ "@odata.id": z.string().min(1) })
  .transform((link) => pathOf(link["@odata.id"]));

export const serviceRoot = z.object({
  Systems: reference.optional(),
  AccountService: reference.optional(),
  Links: z.object({ Sessions: reference.optional() }).optional(),
});

export const collection = z.object({
  Members: listOf(reference),
  "Members@odata.nextLink": z.string().optional(),
});

export const computerSystem = z.object({
  UUID: z.string().nullable().optional(),
  PowerState: z.string().nullable().optional(),
  Actions: z
    .object({
      "#ComputerSystem.Reset": z
        .object({
          target: z.string().min(1),
          "ResetType@Redfish.AllowableValues": listOf(z.string()).optional(),
          "@Redfish.ActionInfo": z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});
export type ComputerSystem = z.infer<typeof computerSystem>;

export const actionInfo = z.object({
  Parameters: listOf(
    z.object({ Name: z.string(), AllowableValues: listOf(z.string()).optional() }),
  ),
});

export const accountService = z.object({ Accounts: reference.optional() });
export const managerAccount = z.object({
  UserName: z.string().optional(),
  Links: z.object({ Role: reference.optional() }).optional(),
});
export const role = z.object({ AssignedPrivileges: z.array(z.string()).optional() });

/** The last part of a path: by it a member of a collection is named. */
export const idOf = (path: string): string =>
  orMalformed(path, () => decodeURIComponent(path.replace(/\/+$/u, "").split("/").at(-1) ?? ""));

/** The path of a target or link that is given as text. */
export const pathOf = (link: string): string =>
  orMalformed(link, () => {
    const { pathname, search } = new URL(link, "https://bmc");
    // As of "mailto:x": behind our host's name it would make another one.
    if (!pathname.startsWith("/")) throw new Error("it has no path");
    return `${pathname}${search}`;
  });

function orMalformed(link: string, read: () => string): string {
  try {
    return read();
  } catch (cause) {
    throw new OperatingError(
      "protocol",
      `Cannot use the BMC's answer as a link in it is malformed: it is ${link.slice(0, 200)}`,
      { cause },
    );
  }
}
