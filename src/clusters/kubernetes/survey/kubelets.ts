import { z } from "zod";
import { readNode } from "../../../clients/kubernetes/node-facts.ts";
import { readList } from "../../../clients/kubernetes/schema-parts.ts";
import { parse } from "../../../clients/shared/parse.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok } from "../../../model/survey.ts";
import type { Session } from "../session.ts";
import { get } from "../session.ts";

export interface Kubelet {
  readonly node: string;
  readonly lease_duration_ms: number;
  readonly status_update: string;
}

const configz = z.looseObject({
  kubeletconfig: z.looseObject({
    nodeLeaseDurationSeconds: z.number().positive(),
    nodeStatusUpdateFrequency: z.string(),
  }),
});

/** In the largest clusters a few kubelets speak for all. */
const MOST_NODES = 8;

/** Settings of the kubelets that are ready, through the API server. Rejects when one may not be asked. */
export async function readKubelets(
  session: Session,
  signal: AbortSignal,
): Promise<readonly Kubelet[]> {
  const nodes = readList((await get(session, "/api/v1/nodes", signal)).data, readNode);
  const asked = nodes.filter(({ ready }) => ready === "True").slice(0, MOST_NODES);
  return await Promise.all(
    asked.map(async ({ name }) => {
      const path = `/api/v1/nodes/${name}/proxy/configz`;
      const { kubeletconfig } = parse(
        configz,
        (await get(session, path, signal)).data,
        `GET ${path}`,
      );
      return {
        node: name,
        lease_duration_ms: kubeletconfig.nodeLeaseDurationSeconds * 1000,
        status_update: kubeletconfig.nodeStatusUpdateFrequency,
      };
    }),
  );
}

export function judgeKubelets(cluster: string, kubelets: readonly Kubelet[]): readonly Finding[] {
  const about = { topic: "settings", subject: cluster } as const;
  const groups = new Map<string, readonly string[]>();
  for (const { node, lease_duration_ms: lease, status_update: status } of kubelets) {
    const said = `a lease of ${lease / 1000} s, renewed every ${lease / 4000} s, and status every ${status}`;
    groups.set(said, [...(groups.get(said) ?? []), node]);
  }
  const all = [...groups].map(([said, nodes]) => ({ said, nodes: nodes.join(", ") }));
  if (all.length > 1) {
    return all.map(({ said, nodes }) =>
      note(about, `kubelets differ: ${nodes} with ${said}`, {
        needs: "equal settings on all nodes, or a prediction for each",
      }),
    );
  }
  return all.map(({ said, nodes }) => ok(about, `kubelets of ${nodes} have ${said}`));
}
