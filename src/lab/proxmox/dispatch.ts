import { orAborted } from "../../base/abort.ts";
import { present } from "../../base/assert.ts";
import { seconds } from "../../base/time.ts";
import { ApiError, BareError } from "./api-error.ts";
import type { ApiWorld } from "./api-world.ts";
import { accessRoutes } from "./access-routes.ts";
import { agentRoutes } from "./agent-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import type { ConsoleDesk } from "./console-desk.ts";
import { consoleRoutes } from "./console-routes.ts";
import { haResourceRoutes } from "./ha-resource-routes.ts";
import { haStatusRoutes } from "./ha-status-routes.ts";
import { nodeRoutes } from "./node-routes.ts";
import type { RawParameters } from "./parameters.ts";
import { poolRoutes } from "./pool-routes.ts";
import { powerRoutes } from "./power-routes.ts";
import { qemuRoutes } from "./qemu-routes.ts";
import { reachNode } from "./reach-node.ts";
import type { Call, Reply, Router } from "./router.ts";
import { createRouter, fillIn } from "./router.ts";
import { taskRoutes } from "./task-routes.ts";
import type { Account } from "./accounts.ts";

/** pveproxy gives a daemon this long to answer, and then says 596. */
const ANSWER_LIMIT = seconds(30);

interface Request {
  readonly asked: string;
  readonly account: Account;
  readonly method: string;
  /** Below `/api2/json`, decoded. */
  readonly path: string;
  readonly input: RawParameters;
}

export type Dispatch = (request: Request) => Promise<Reply>;

/** All routes of the lab, in the order in which they are tried. */
const routerOf = (desk: ConsoleDesk): Router =>
  createRouter([
    ...clusterRoutes,
    ...haStatusRoutes,
    ...haResourceRoutes,
    ...nodeRoutes,
    ...qemuRoutes,
    ...powerRoutes,
    ...agentRoutes,
    ...consoleRoutes(desk),
    ...taskRoutes,
    ...poolRoutes,
    ...accessRoutes,
  ]);

/** Finds the route, checks the privilege, goes to the node concerned, and lets the route answer: PVE's order. */
export function createDispatch(world: ApiWorld, desk: ConsoleDesk): Dispatch {
  const router = routerOf(desk);
  return async (request) => {
    const { asked, account, method, path, input } = request;
    const match = router(method, path);
    if (match === null) {
      throw new ApiError(501, `Method '${method} ${path}' not implemented`, { trailing: "" });
    }
    const { route } = match;
    if (route.permission !== null && !account.privileged) {
      const [template, privilege] = route.permission;
      const where = fillIn(template, match.path);
      throw new ApiError(403, `Permission check failed (${where}, ${privilege})`);
    }
    const node = match.path.get("node") ?? asked;
    if (route.stays !== true) await reachNode(world, asked, node);
    world.twinTime.catchUp();
    const call: Call = {
      world,
      asked,
      node,
      account,
      input,
      path: (name) => present(match.path.get(name), `{${name}} of ${route.template}`),
    };
    return await withinLimit(world, async () => await route.handle(call));
  };
}

async function withinLimit(world: ApiWorld, answer: () => Promise<Reply>): Promise<Reply> {
  const limit = world.clock.timeout(ANSWER_LIMIT);
  try {
    return await orAborted(answer(), limit);
  } catch (error) {
    if (limit.aborted) throw new BareError(596, "Connection timed out");
    throw error;
  }
}
