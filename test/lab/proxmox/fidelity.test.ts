import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { FakeTwin, off } from "./support/fake-twin.ts";
import type { Asking } from "./support/lab-bench.ts";
import { LabBench } from "./support/lab-bench.ts";
import type { Recorded } from "./support/recorded.ts";
import { recordedReplies } from "./support/recorded.ts";
import { shapeOf } from "./support/shape.ts";

/** Recorded exchanges that the lab does not imitate, and why. */
const LEFT_OUT = new Map([["43-journal.txt", "the node's journal is not part of the lab"]]);

/** What the real cluster went through while it was recorded. */
type State = "healthy" | "unknown" | "fence" | "recovered";

const bench = new LabBench();
let twin: FakeTwin;

beforeAll(async () => {
  await bench.start(async (context) => {
    twin = new FakeTwin(context.twinTime.queue, () => context.twinTime.wallSeconds());
    return await serveProxmox({ name: "labc", bmc: "ipmi", safety: defaultSafety, twin }, context);
  });
});
afterAll(async () => {
  await bench.stop();
});

/** The state of the cluster when a reply was recorded: they are numbered in the order of one story. */
function stateAt(file: string): State {
  const number = Number(file.slice(0, 2));
  if (number < 60) return "healthy";
  if (number < 72) return "unknown";
  return number < 74 ? "fence" : "recovered";
}

let prepared: State = "healthy";

const service = (more: object) => ({
  "vm:100": { state: "started", node: "pv8", uid: "u1", running: true, target: null, ...more },
});

/** Sets the fake to what the real cluster was in. */
function prepare(state: State): void {
  if (prepared === state) return;
  prepared = state;
  const seen = twin.manager;
  const { nodes } = seen;
  if (state === "unknown") {
    twin.setHost("pv8", "off");
    twin.setGuest(100, off);
    twin.offline.add("pv8");
    twin.manager = { ...seen, nodes: { ...nodes, pv8: "unknown" }, services: service({}) };
  } else if (state === "fence") {
    const services = service({ state: "fence", running: false });
    twin.manager = { ...seen, nodes: { ...nodes, pv8: "fence" }, services };
  } else {
    twin.setHost("pv8", "up");
    twin.setGuest(100, twin.running("up"), "pv9");
    const { pv7, pv8, pv9 } = twin.lrm;
    if (pv7 === undefined || pv8 === undefined || pv9 === undefined) throw new Error("no LRM");
    twin.lrm = { pv7, pv8: pv9, pv9: pv8 };
    const services = service({ node: "pv9" });
    twin.manager = { ...seen, nodes: { ...nodes, pv8: "online" }, services };
  }
}

let cookie = { ticket: "", csrf: "" };
/** UPIDs of the real cluster, and those that the lab gave for the same request. */
const upids = new Map<string, string>();

function askingOf(recorded: Recorded): Asking {
  const authorization = recorded.requestHeaders.get("authorization");
  const headers: Record<string, string> = {};
  if (recorded.requestHeaders.has("cookie")) {
    headers["Cookie"] = `PVEAuthCookie=${encodeURIComponent(cookie.ticket)}`;
  }
  if (recorded.requestHeaders.has("csrfpreventiontoken")) {
    headers["CSRFPreventionToken"] = cookie.csrf;
  }
  const body = recorded.requestBody
    .replace("username=lab%40pve", "username=blackout%40pve")
    .replace("Lab-pass-1", bench.secret("api-password"));
  return { token: tokenFor(recorded.file, authorization), headers, body };
}

function tokenFor(file: string, authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  if (file.startsWith("03") || file.startsWith("04")) {
    return authorization.replace("<secret>", "00000000-0000-4000-8000-000000000000");
  }
  if (file.startsWith("05")) return "PVEAPIToken=malformed";
  return authorization.includes("low@pve!tok") ? bench.lowToken() : bench.token();
}

async function replay(recorded: Recorded) {
  let path = recorded.path;
  for (const [theirs, ours] of upids) {
    path = path.replace(
      encodeURIComponent(theirs).replaceAll("!", "%21"),
      encodeURIComponent(ours),
    );
  }
  const answer = await bench.ask(recorded.node, recorded.method, path, askingOf(recorded));
  const { data } = Object(answer.body);
  if (typeof data === "string" && data.startsWith("UPID:")) {
    upids.set(String(Object(JSON.parse(recorded.body)).data), data);
  }
  if (recorded.file.startsWith("45")) {
    cookie = { ticket: String(data.ticket), csrf: String(data.CSRFPreventionToken) };
  }
  return answer;
}

describe("each recorded reply of a real cluster, asked of the lab", () => {
  for (const recorded of recordedReplies()) {
    if (LEFT_OUT.has(recorded.file)) continue;
    it(`${recorded.file}: ${recorded.method} ${decodeURIComponent(recorded.path)}`, async () => {
      prepare(stateAt(recorded.file));
      const answer = await replay(recorded);
      expect([answer.status, answer.reason]).toEqual([recorded.status, recorded.reason]);
      for (const name of ["content-type", "cache-control", "pragma", "server", "connection"]) {
        expect([name, answer.headers[name]]).toEqual([name, recorded.headers.get(name)]);
      }
      expect(answer.text === "").toBe(recorded.body === "");
      const theirs: unknown = recorded.body === "" ? null : JSON.parse(recorded.body);
      expect(shapeOf(answer.body)).toEqual(shapeOf(theirs));
      // A refusal is the same word by word.
      expect(recorded.status < 400 ? theirs : answer.body).toEqual(theirs);
    });
  }
});
