import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { Listener } from "../../../src/lab/network/listener.ts";

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
