import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import type { ApiHost, KubernetesCluster } from "../../../src/model/inventory.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";

/** API servers of a test: TLS is real, what they answer is up to the test. */
export interface MiniApi {
  readonly url: string;
  readonly fingerprint: string;
  readonly requests: string[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export interface MiniCluster {
  readonly servers: readonly MiniApi[];
  readonly api: KubernetesCluster["api"];
  close(): Promise<void>;
}

export async function startMiniCluster(count: number): Promise<MiniCluster> {
  const folder = mkdtempSync(join(tmpdir(), "blackout-mini-api-"));
  const authority = await createCertificateIssuer(new SystemClock()).createAuthority("kubernetes");
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, authority.pem);
  const servers: MiniApi[] = [];
  for (let index = 0; index < count; index++) {
    const pair = await authority.issueServer({
      commonName: "kube-apiserver",
      dnsNames: [],
      addresses: ["127.0.0.1"],
    });
    servers.push(await startServer(pair, authority.pem));
  }
  const hosts: ApiHost[] = servers.map(({ url }, index) => ({ url, node: `cp${index + 1}` }));
  return {
    servers,
    api: {
      servers: hosts,
      auth: { kind: "token", token: { kind: "env", name: "TOKEN" } },
      tls: { kind: "ca", path: ca },
    },
    close: async () => {
      for (const server of servers) await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function startServer(
  pair: { readonly key: string; readonly certificate: string },
  ca: string,
): Promise<MiniApi> {
  const requests: string[] = [];
  const state: { answer: MiniApi["answer"] } = {
    answer: (_request, response) => json(response, {}),
  };
  const server: Server = createServer(
    { key: pair.key, cert: pair.certificate, ca, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      state.answer(request, response);
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fingerprint: new X509Certificate(pair.certificate).fingerprint256,
    requests,
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
