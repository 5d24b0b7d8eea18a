import type { Ingress, IngressPath } from "../../../twin/kubernetes/objects.ts";

/** The Service that a request goes to. */
export interface ServicePortReference {
  readonly namespace: string;
  readonly service: string;
  /** By number, or by name. */
  readonly port: number | string;
}

/** The most specific rule wins: a named host before any host, an exact path, then the longest prefix. */
export function routeFor(
  ingresses: readonly Ingress[],
  host: string,
  path: string,
): ServicePortReference | null {
  const offers = ingresses
    .flatMap((ingress) => offersOf(ingress, host, path))
    .toSorted((a, b) => b.score - a.score);
  return offers[0]?.to ?? null;
}

interface Offer {
  readonly score: number;
  readonly to: ServicePortReference;
}

function offersOf(ingress: Ingress, host: string, path: string): readonly Offer[] {
  const { rules = [], defaultBackend } = ingress.spec;
  const scored = rules.flatMap((rule) => {
    const hostScore = scoreOfHost(rule.host, host);
    return (rule.http?.paths ?? []).map((each) => {
      const pathScore = scoreOfPath(each, path);
      const matches = hostScore > 0 && pathScore > 0;
      return { score: matches ? hostScore + pathScore : 0, backend: each.backend };
    });
  });
  if (defaultBackend !== undefined) scored.push({ score: 1, backend: defaultBackend });
  return scored.flatMap(({ score, backend }) => {
    const to = referenceOf(ingress, backend);
    return score > 0 && to !== null ? [{ score, to }] : [];
  });
}

function referenceOf(
  ingress: Ingress,
  backend: IngressPath["backend"],
): ServicePortReference | null {
  const port = backend.service?.port.number ?? backend.service?.port.name;
  if (backend.service === undefined || port === undefined) return null;
  return { namespace: ingress.metadata.namespace ?? "", service: backend.service.name, port };
}

/** Zero: no match. */
function scoreOfHost(rule: string | undefined, host: string): number {
  if (rule === undefined || rule === "") return 10;
  if (rule === host) return 3e6;
  const isWildcard = rule.startsWith("*.") && host.endsWith(rule.slice(1));
  return isWildcard && !host.slice(0, 1 - rule.length).includes(".") ? 2e6 : 0;
}

function scoreOfPath(rule: IngressPath, path: string): number {
  const wanted = rule.path ?? "/";
  if (wanted === path) return rule.pathType === "Exact" ? 1e6 : 2 + wanted.length;
  if (rule.pathType === "Exact") return 0;
  const prefix = wanted.endsWith("/") ? wanted : `${wanted}/`;
  return path.startsWith(prefix) ? 1 + wanted.length : 0;
}
