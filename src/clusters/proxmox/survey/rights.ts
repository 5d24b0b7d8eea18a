import { parse } from "../../../clients/shared/parse.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok, problem } from "../../../model/survey.ts";
import type { Permissions, RightsPath } from "../permissions.ts";
import { holds, permissions } from "../permissions.ts";

/** One privilege that the tool uses, and what for. */
interface Need {
  readonly path: RightsPath;
  /** Any of them will do: names changed between releases (facts 2.4). */
  readonly anyOf: readonly [string, ...string[]];
  readonly for: string;
  /** `some`: only certain experiments need it. */
  readonly who: "every-run" | "some";
  /** The first major release that has it. */
  readonly since?: number;
}

/** All that the API token has to be allowed, with the calls that need it. */
const NEEDS: readonly Need[] = [
  needed("/", ["Sys.Audit"], "GET /cluster/status, /cluster/ha/status/*"),
  needed("/", ["Sys.Console"], "POST, PUT and DELETE /cluster/ha/resources"),
  needed("/nodes", ["Sys.Audit"], "GET /cluster/resources: when a node booted; tasks of others"),
  needed("/vms", ["VM.Audit"], "GET /cluster/resources, /nodes/{node}/qemu/{vmid}/config"),
  needed("/vms", ["VM.Clone"], "POST /nodes/{node}/qemu/{vmid}/clone"),
  needed("/vms", ["VM.Allocate"], "the clone, and DELETE /nodes/{node}/qemu/{vmid}"),
  needed("/vms", ["VM.Config.Options"], "PUT /nodes/{node}/qemu/{vmid}/config: the run's mark"),
  needed("/vms", ["VM.PowerMgmt"], "POST /nodes/{node}/qemu/{vmid}/status/*"),
  needed("/storage", ["Datastore.AllocateSpace"], "the clone's disks"),
  needed("/storage", ["Datastore.Audit"], "GET /cluster/resources: which storage is shared"),
  { ...needed("/sdn", ["SDN.Use"], "the clone's network"), since: 8 },
  // On all of /pool: what is granted on a pool itself goes with it (PVE/API2/Pool.pm, delete_pool).
  needed("/pool", ["Pool.Allocate"], "POST, PUT and DELETE of pool blackout-lock, on all of /pool"),
  needed(
    "/pool",
    ["Pool.Audit"],
    "GET /pools/blackout-lock: whose the cluster is, on all of /pool",
  ),
  some("/vms", ["VM.Console"], "desktop.reach: console"),
  some(
    "/vms",
    ["VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted", "VM.Monitor"],
    "desktop.reach: guest without an address",
  ),
  some("/vms", ["VM.Migrate"], "faults that migrate the desktop"),
  some("/nodes", ["Sys.PowerMgmt"], "fault shutdown over the API"),
];

function needed(path: RightsPath, anyOf: Need["anyOf"], what: string): Need {
  return { path, anyOf, for: what, who: "every-run" };
}

function some(path: RightsPath, anyOf: Need["anyOf"], what: string): Need {
  return { path, anyOf, for: what, who: "some" };
}

/** What the token may do, against what the tool needs. `major`: of the release; null: not known. */
export function judgeRights(
  token: string,
  data: unknown,
  major: number | null,
): readonly Finding[] {
  const about = { topic: "rights", subject: token } as const;
  const granted = parse(permissions, data, "GET /access/permissions");
  const missing = NEEDS.filter(
    (need) => (major ?? Number.POSITIVE_INFINITY) >= (need.since ?? 0) && !holds(granted, need),
  );
  const findings = missing.map((need) => {
    const saw = `${need.anyOf.join(" or ")} is not granted on ${need.path}${elsewhere(granted, need)}`;
    const needs = `${need.anyOf[0]} on ${need.path} for ${need.for}`;
    return need.who === "every-run" ? problem(about, saw, { needs }) : note(about, saw, { needs });
  });
  return findings.some(({ level }) => level === "problem")
    ? findings
    : [ok(about, "may do all that every run needs"), ...findings];
}

/** A right on single guests or pools may be enough for an existing desktop, and is not for a clone. */
function elsewhere(granted: Permissions, { path, anyOf }: Need): string {
  const narrower = Object.entries(granted)
    .filter(([each]) => each !== path && (each.startsWith("/pool/") || each.startsWith(`${path}/`)))
    .filter(([, privileges]) => anyOf.some((privilege) => privileges[privilege] !== undefined))
    .map(([each]) => each);
  return narrower.length === 0 ? "" : `, only on ${narrower.slice(0, 5).join(", ")}`;
}
