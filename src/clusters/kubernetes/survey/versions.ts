import { z } from "zod";
import { parse } from "../../../clients/shared/parse.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok } from "../../../model/survey.ts";
import { endpointSliceVersion } from "../identify.ts";
import type { Session } from "../session.ts";
import { get } from "../session.ts";

const resources = z.looseObject({
  resources: z.array(
    z.looseObject({
      name: z.string(),
      group: z.string().optional(),
      version: z.string().optional(),
    }),
  ),
});

export interface ApiVersions {
  /** `policy/v1`; null where there is no eviction. */
  readonly eviction: string | null;
  readonly endpointSlice: string;
}

/** What the API calls things that were renamed between releases. */
export async function readVersions(session: Session, signal: AbortSignal): Promise<ApiVersions> {
  const [core, endpointSlice] = await Promise.all([
    get(session, "/api/v1", signal),
    endpointSliceVersion(session, signal),
  ]);
  const found = parse(resources, core.data, "GET /api/v1").resources.find(
    ({ name }) => name === "pods/eviction",
  );
  return {
    eviction: found === undefined ? null : `${found.group ?? "policy"}/${found.version ?? "v1"}`,
    endpointSlice,
  };
}

export function judgeVersions(
  cluster: string,
  { eviction, endpointSlice }: ApiVersions,
): readonly Finding[] {
  const about = { topic: "api", subject: cluster } as const;
  return [
    eviction === null
      ? note(about, "serves no eviction of pods", { needs: "it only for faults drain and evict" })
      : ok(about, `serves Eviction ${eviction}, EndpointSlice discovery.k8s.io/${endpointSlice}`),
  ];
}
