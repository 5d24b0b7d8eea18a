import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { expect, test } from "vitest";
import { createCertificateIssuer } from "../../../src/lab/certificates/issuer.ts";
import { Listener } from "../../../src/lab/network/listener.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";

test("Listener.close closes a connection that is just being ended, and leaves no handle behind", async () => {
  const accepted: Socket[] = [];
  const failures: Error[] = [];
  const listener = new Listener((socket) => {
    accepted.push(socket);
    socket.on("error", (error) => failures.push(error));
    socket.end("goodbye");
    void listener.close();
  });
  await listener.open("127.0.0.1", 0);
  const address = listener.server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const visitor = connect(address.port, "127.0.0.1")
    .on("error", () => undefined)
    .resume();
  await once(visitor, "close");
  await expect.poll(() => accepted.map((socket) => socket.closed)).toEqual([true]);
  expect(failures).toEqual([]);
});

test("Listener.end closes a connection that the TLS on top of it is just ending", async () => {
  const authority = await createCertificateIssuer(new SystemClock()).createAuthority("lab");
  const { key, certificate } = await authority.issueServer({
    commonName: "lab",
    dnsNames: ["lab"],
    addresses: ["127.0.0.1"],
  });
  const accepted: Socket[] = [];
  const server = createTlsServer({ key, cert: certificate }, (session) => {
    session.on("error", () => undefined);
    session.end("goodbye");
    setImmediate(() => void listener.end());
  });
  const listener = new Listener((socket) => {
    accepted.push(socket);
    server.emit("connection", socket);
  });
  await listener.open("127.0.0.1", 0);
  const address = listener.server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const visitor = connectTls({ port: address.port, host: "127.0.0.1", ca: authority.pem })
    .on("error", () => undefined)
    .resume();
  await once(visitor, "close");
  await expect.poll(() => accepted.map((socket) => socket.closed)).toEqual([true]);
  await expect
    .poll(() => process.getActiveResourcesInfo().filter((each) => each === "TCPSocketWrap"))
    .toEqual([]);
});
