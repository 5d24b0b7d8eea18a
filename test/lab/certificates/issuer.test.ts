import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PeerCertificate, TLSSocket } from "node:tls";
import { connect, createServer } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "blackout-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

const issuer = createCertificateIssuer(new SystemClock());
const authority = await issuer.createAuthority("Proxmox Virtual Environment");
const server = await authority.issueServer({
  commonName: "pve1.lab",
  dnsNames: ["pve1", "pve1.lab"],
  addresses: ["127.0.0.1", "127.70.1.1"],
});
const client = await authority.issueClient({ commonName: "admin", organisation: "system:masters" });

async function greet(options: { ca: string; host: string }): Promise<string> {
  const listener = createServer(
    { key: server.key, cert: server.certificate, ca: authority.pem, requestCert: true },
    (session: TLSSocket) => {
      const peer: PeerCertificate = session.getPeerCertificate();
      session.end(`${String(peer.subject.O)}/${String(peer.subject.CN)}`);
    },
  );
  listener.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      const session = connect({
        port,
        host: "127.0.0.1",
        servername: options.host,
        ca: options.ca,
        key: client.key,
        cert: client.certificate,
      });
      session.once("data", (data: Buffer) => resolve(data.toString()));
      session.once("error", reject);
    });
  } finally {
    listener.close();
  }
}

test("Node verifies a server's certificate against its authority, and the server its client's", async () => {
  expect(await greet({ ca: authority.pem, host: "pve1.lab" })).toBe("system:masters/admin");
});

test("another authority of the same name is not trusted, nor is another host name", async () => {
  const other = await issuer.createAuthority("Proxmox Virtual Environment");
  await expect(greet({ ca: other.pem, host: "pve1.lab" })).rejects.toThrow(/certificate/i);
  await expect(greet({ ca: authority.pem, host: "pve2.lab" })).rejects.toThrow(/altnames/);
});

test("a certificate names its subject, host names and addresses, and its authority by key", () => {
  const certificate = new X509Certificate(server.certificate);
  const root = new X509Certificate(authority.pem);
  expect(certificate.checkIP("127.70.1.1")).toBe("127.70.1.1");
  expect(certificate.checkHost("pve1")).toBe("pve1");
  expect(certificate.checkHost("pve2")).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(root.ca).toBe(true);
  expect(certificate.checkIssued(root)).toBe(true);
  expect(certificate.verify(root.publicKey)).toBe(true);
});

function path(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const hasOpenssl = existsSync("/usr/bin/openssl");

test.skipIf(!hasOpenssl)("openssl verifies both kinds of certificate strictly", () => {
  const ca = path("ca.pem", authority.pem);
  const verify = (purpose: string, file: string): string =>
    execFileSync("openssl", ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", ca, file], {
      encoding: "utf8",
      stdio: "pipe",
    });
  expect(verify("sslserver", path("server.pem", server.certificate))).toContain("OK");
  expect(verify("sslclient", path("client.pem", client.certificate))).toContain("OK");
  expect(() => verify("sslclient", path("server.pem", server.certificate))).toThrow(
    "Command failed",
  );
});
