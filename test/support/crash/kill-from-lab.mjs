// Loaded into the lab with --import: kills the tool when a change that it asked for is done, before it is told so (breaks.ts).
import { appendFileSync, readFileSync } from "node:fs";
import { ServerResponse } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = new URL(import.meta.url).searchParams.get("folder") ?? "";
const lab = new URL("lab/", pathToFileURL(process.argv[1] ?? ""));
const { Chassis } = await import(new URL("bmc/chassis.js", lab));
let [victim, changes] = [0, 0];

const { end } = Object.getPrototypeOf(ServerResponse.prototype);
ServerResponse.prototype.end = function (...rest) {
  const { method, url } = this.req;
  if (isChange(method, url) && changed(`${method} ${url}`)) {
    this.req.socket.destroy();
    return this;
  }
  return end.apply(this, rest);
};

const { act } = Chassis.prototype;
Chassis.prototype.act = function (what) {
  const answer = act.call(this, what);
  changed(`chassis ${what}`);
  return answer;
};

const isChange = (method, url) =>
  !["GET", "HEAD"].includes(method) && !/\/access\/|SessionService|review/u.test(url);

/** True: whoever asked for it is dead. A dead process hears nothing, even of what is sent to it. */
function changed(title) {
  const wish = wished();
  if (wish === null) return false;
  if (wish.pid !== victim) [victim, changes] = [wish.pid, 0];
  changes += 1;
  appendFileSync(join(folder, "changes"), `${title}\n`);
  const isIt = wish.at === changes || (typeof wish.at === "string" && title.indexOf(wish.at) >= 0);
  if (!isIt) return false;
  process.kill(wish.pid, "SIGKILL");
  return true;
}

function wished() {
  try {
    return JSON.parse(readFileSync(join(folder, "wish"), "utf8"));
  } catch {
    return null;
  }
}
