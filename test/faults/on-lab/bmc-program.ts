import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "../../../src/model/inventory.ts";
import type { CommandFault } from "../../../src/model/fault-spec.ts";

/** A user's program, as docs/command-fault.md has them: switches machines by asking their BMCs over Redfish. */
const PROGRAM = `
import { readFileSync } from "node:fs";
import { request } from "node:https";
const [file, verb, node] = process.argv.slice(2);
const { url, user, password, ca } = JSON.parse(readFileSync(file, "utf8"))[node];
const call = (path, body) => new Promise((resolve, reject) => {
  const asked = request(url + path, {
    method: body === undefined ? "GET" : "POST", auth: user + ":" + password, ca,
    headers: { "content-type": "application/json" },
  }, (response) => {
    let text = "";
    response.on("data", (part) => (text += part));
    response.on("end", () => resolve(text === "" ? {} : JSON.parse(text)));
  });
  asked.on("error", reject);
  asked.end(body === undefined ? "" : JSON.stringify(body));
});
const system = (await call("/redfish/v1/Systems")).Members[0]["@odata.id"];
const isOn = async () => (await call(system)).PowerState === "On";
const reset = async (kind) => await call(system + "/Actions/ComputerSystem.Reset", { ResetType: kind });
switch (verb) {
  case "check": process.exitCode = (await isOn()) ? 0 : 1; break;
  case "inject": await reset("ForceOff"); break;
  case "heal": if (!(await isOn())) await reset("On"); break;
  case "status": process.exitCode = (await isOn()) ? 0 : 1; break;
  default: process.exitCode = 2;
}
`;

/** The program in a folder of the test's own, with the ways to the BMCs of a cluster whose inventory has Redfish. */
export async function bmcProgram(cluster: Cluster, folder: string): Promise<CommandFault> {
  const ways: Record<string, unknown> = {};
  for (const { name, bmc } of cluster.nodes) {
    if (bmc?.kind !== "redfish" || bmc.tls.kind !== "ca" || bmc.password.kind !== "file") continue;
    const password = (await readFile(bmc.password.path, "utf8")).trimEnd();
    const ca = await readFile(bmc.tls.path, "utf8");
    ways[name] = { url: bmc.url, user: bmc.user, password, ca };
  }
  const program = join(folder, "bmc.mjs");
  const file = join(folder, "bmcs.json");
  await writeFile(program, PROGRAM);
  await writeFile(file, JSON.stringify(ways), { mode: 0o600 });
  return {
    kind: "command",
    program: process.execPath,
    arguments: [program, file],
    leaves: "off",
    limit_ms: 30_000,
  };
}
