import type { Secrets } from "../../src/contracts/secrets.ts";
import { AssertionError } from "../../src/base/assert.ts";
import { flatOut } from "./flat-out.ts";
import { costOrder } from "./order.ts";
import { watchAll } from "./watch-all.ts";

/** The process whose cost is measured: nothing runs in it but the probe. */

const secrets: Secrets = {
  resolve: () => Promise.reject(new AssertionError("the played desktops ask for no password")),
};

const order = costOrder.parse(JSON.parse(process.argv[2] ?? ""));
const cost =
  order.kind === "watch" ? await watchAll(order, secrets) : await flatOut(order, secrets);
process.stdout.write(`${JSON.stringify(cost)}\n`);
