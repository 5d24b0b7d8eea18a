import { z } from "zod";
import { OperatingError } from "../../base/errors.ts";

/** `ip -details -json address show` and `ip -json route show`, as far as a cut has to know them. IPv4 routes only. */
export const SHOW_LINKS = "ip -details -json address show";
export const SHOW_ROUTES = "ip -json route show";

/**
 * Names, addresses and numbers go back into commands for a root shell, so only these characters may be in them. The kernel
 * allows more in a link's name; nobody gives such ones.
 */
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/u);
const address = z.string().regex(/^[0-9A-Fa-f.:]{2,45}$/u);
const destination = z.string().regex(/^(?:default|[0-9A-Fa-f.:]{2,45}(?:\/\d{1,3})?)$/u);
const count = z.number().int().nonnegative();

const link = z.object({
  ifname: name,
  flags: z.array(z.string()),
  /** The bridge or bond that it is a port of. */
  master: name.optional(),
  /** What a VLAN lies on. */
  link: z.string().optional(),
  /** A port of a bridge has `linkinfo` too, but no kind of its own. */
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  addr_info: z.array(
    z.object({
      family: z.string(),
      local: address.optional(),
      prefixlen: count.optional(),
      scope: z.string().optional(),
      dynamic: z.boolean().optional(),
    }),
  ),
});
export type Link = z.infer<typeof link>;

const route = z.object({
  dst: destination,
  gateway: address.optional(),
  dev: name.optional(),
  protocol: z.string().optional(),
  prefsrc: address.optional(),
  metric: count.optional(),
  flags: z.array(z.string()).optional(),
  /** Of a route with several gateways, which then has no `dev` of its own. */
  nexthops: z.array(z.object({ dev: name.optional() })).optional(),
  /** A gateway of another family. */
  via: z.unknown().optional(),
});
export type Route = z.infer<typeof route>;

/** Older iproute2 prints an empty object for each link that it leaves out. */
const links = z
  .array(z.unknown())
  .transform((list) => list.filter((each) => JSON.stringify(each) !== "{}"))
  .pipe(z.array(link));

export const readLinks = (text: string): readonly Link[] => read(links, text, SHOW_LINKS);
export const readRoutes = (text: string): readonly Route[] =>
  read(z.array(route), text === "" ? "[]" : text, SHOW_ROUTES);

export const isUp = ({ flags }: Link): boolean => flags.includes("UP");
export const isLoopback = ({ flags }: Link): boolean => flags.includes("LOOPBACK");
/** A real card: whatever the kernel makes up has a kind. */
export const isPhysical = (each: Link): boolean =>
  !isLoopback(each) && each.linkinfo?.info_kind === undefined;

function read<T>(schema: z.ZodType<T>, text: string, command: string): T {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw unreadable(command, "it is no JSON", cause);
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unreadable(command, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "?"}`);
}

const unreadable = (command: string, why: string, cause?: unknown): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot use what "${command}" prints as it is not of the expected form: ${why}`,
    { cause },
  );
