import { expect, test } from "vitest";
import { routeFor } from "../../../src/lab/kubernetes/data-plane/ingress-rules.ts";
import { newMetadata } from "../../../src/twin/kubernetes/metadata.ts";
import type { Ingress, IngressRule } from "../../../src/twin/kubernetes/objects.ts";

const rule = (
  host: string | undefined,
  path: string,
  pathType: string,
  to: string,
): IngressRule => ({
  host,
  http: { paths: [{ path, pathType, backend: { service: { name: to, port: { number: 80 } } } }] },
});

const ingress = (rules: readonly IngressRule[], fallback?: string): Ingress => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: newMetadata({ name: "web", namespace: "desk" }),
  spec: {
    rules,
    ...(fallback !== undefined && {
      defaultBackend: { service: { name: fallback, port: { name: "http" } } },
    }),
  },
});

test("routeFor prefers a named host, then an exact path, then the longest prefix", () => {
  const all = [
    ingress([
      rule(undefined, "/", "Prefix", "anybody"),
      rule("a.test", "/", "Prefix", "root"),
      rule("a.test", "/deep", "Prefix", "deep"),
      rule("a.test", "/deep", "Exact", "exact"),
      rule("*.b.test", "/", "Prefix", "wild"),
    ]),
  ];
  const to = (host: string, path: string): string | undefined => routeFor(all, host, path)?.service;
  expect(to("a.test", "/")).toBe("root");
  expect(to("a.test", "/deep")).toBe("exact");
  expect(to("a.test", "/deep/er")).toBe("deep");
  expect(to("a.test", "/deeper")).toBe("root");
  expect(to("x.b.test", "/")).toBe("wild");
  expect(to("x.y.b.test", "/")).toBe("anybody");
  expect(to("b.test", "/")).toBe("anybody");
});

test("routeFor falls back to the default backend, and to nothing", () => {
  const rules = [rule("a.test", "/", "Prefix", "root")];
  expect(routeFor([ingress(rules)], "b.test", "/")).toBeNull();
  expect(routeFor([ingress(rules, "rest")], "b.test", "/")).toEqual({
    namespace: "desk",
    service: "rest",
    port: "http",
  });
});
