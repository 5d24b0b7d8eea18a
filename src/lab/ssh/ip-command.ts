import type { LabLink } from "../machine.ts";
import { addressJson, isWithin, routeJson } from "./ip-json.ts";
import type { Node } from "./node.ts";
import type { Call, Outcome } from "./step.ts";
import { failed, printed, silent } from "./step.ts";

const LINK = /^[A-Za-z0-9._-]{1,15}$/;
const DESTINATION = /^(?:default|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?)$/;
/** Exit codes of ip(8): 1 for what it does not accept, 2 for what the kernel refuses. */
const EXIT = { syntax: 1, kernel: 2 } as const;
/** What `ip route` may say of a route beside where it leads, each with a word. */
const WORDS: ReadonlySet<string> = new Set(["via", "dev", "proto", "scope", "src", "metric"]);

/** iproute2's `ip`, as far as links and routes go; null: not understood. */
export function ipCommand(words: readonly string[]): Call | null {
  switch (words.join(" ")) {
    case "-details -json address show":
      return ({ machine }) => printed(addressJson(machine));
    case "-json route show":
      return ({ machine, routes }) => printed(routeJson(machine, routes));
    default:
      break;
  }
  const [object, verb, ...rest] = words;
  if (object === "link" && verb === "set") return setLink(rest);
  return object === "route" && verb === "replace" ? replaceRoute(rest) : null;
}

function setLink(words: readonly string[]): Call | null {
  const [name = "", state, ...more] = words[0] === "dev" ? words.slice(1) : words;
  if (!LINK.test(name) || name === "lo" || more.length > 0) return null;
  if (state !== "up" && state !== "down") return null;
  return (node) =>
    onLink(node, name, (link) => {
      const wanted = state === "up";
      if (link.up === wanted) return silent;
      if (!wanted) node.routes.lose(link);
      node.machine.setLink(name, wanted);
      return silent;
    });
}

function replaceRoute(words: readonly string[]): Call | null {
  const [destination = "", ...rest] = words.filter((word) => word !== "onlink");
  const said = new Map<string, string>();
  for (let index = 0; index < rest.length; index += 2) {
    const [key = "", value] = rest.slice(index, index + 2);
    if (!WORDS.has(key) || value === undefined) return null;
    said.set(key, value);
  }
  const name = said.get("dev") ?? "";
  if (!DESTINATION.test(destination) || !LINK.test(name)) return null;
  return (node) =>
    onLink(node, name, (link) => {
      const gateway = said.get("via");
      if (!link.up) return failed(EXIT.kernel, "Error: Device for nexthop is not up.");
      if (gateway !== undefined && !isWithin(gateway, link)) {
        return failed(EXIT.kernel, "Error: Nexthop has invalid gateway.");
      }
      if (destination === "default" && gateway === link.gateway) node.routes.replace(link);
      return silent;
    });
}

function onLink(node: Node, name: string, act: (link: LabLink) => Outcome): Outcome {
  const link = node.machine.links().find((each) => each.name === name);
  return link === undefined ? failed(EXIT.syntax, `Cannot find device "${name}"`) : act(link);
}
