import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { z } from "zod";
import type { Credentials } from "./credentials.ts";

const LONGEST_MS = 3000;

const nodeList = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string() }),
      spec: z.looseObject({ taints: z.array(z.looseObject({ key: z.string() })).optional() }),
      status: z.looseObject({
        conditions: z
          .array(
            z.looseObject({
              type: z.string(),
              status: z.string(),
              lastHeartbeatTime: z.string().optional(),
            }),
          )
          .optional(),
      }),
    }),
  ),
});
const namespace = z.looseObject({ metadata: z.looseObject({ uid: z.string() }) });

/** The few questions that the harness itself asks, as the cluster's administrator. Not the client under test. */
export class ApiClient {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, { ca, admin }: Pick<Credentials, "ca" | "admin">) {
    this.#url = url;
    this.#agent = new Agent({
      ca: readFileSync(ca),
      cert: readFileSync(admin.certificate),
      key: readFileSync(admin.key),
    });
  }

  async text(path: string): Promise<string> {
    return await new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(LONGEST_MS);
      const asked = request(`${this.#url}${path}`, { agent: this.#agent, signal }, (reply) => {
        let body = "";
        reply.setEncoding("utf8");
        reply.on("data", (chunk: string) => (body += chunk));
        reply.on("error", reject);
        reply.on("end", () => {
          if (reply.statusCode === 200) resolve(body);
          else reject(new Error(`${path}: HTTP ${reply.statusCode ?? 0}: ${body.slice(0, 500)}`));
        });
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  /** Nodes that are Ready and that nothing keeps pods away from, with when their kubelet last said so (wall, ms). */
  async readyNodes(): Promise<ReadonlyMap<string, number>> {
    const { items } = nodeList.parse(JSON.parse(await this.text("/api/v1/nodes")));
    const ready = new Map<string, number>();
    for (const { metadata, spec, status } of items) {
      const condition = status.conditions?.find(({ type }) => type === "Ready");
      if (condition?.status !== "True" || (spec.taints ?? []).length > 0) continue;
      ready.set(metadata.name, Date.parse(condition.lastHeartbeatTime ?? ""));
    }
    return ready;
  }

  async kubeSystemUid(): Promise<string> {
    const path = "/api/v1/namespaces/kube-system";
    return namespace.parse(JSON.parse(await this.text(path))).metadata.uid;
  }

  close(): void {
    this.#agent.destroy();
  }
}
