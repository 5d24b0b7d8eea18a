import { afterEach, describe, expect, it } from "vitest";
import type { SshAccess } from "../../../src/model/inventory.ts";
import { openSshEcho } from "../../../src/clients/ssh/ssh-echo.ts";
import { quickClock } from "../quick-clock.ts";
import type { MiniSshd, Reaction } from "./mini-sshd.ts";
import { startMiniSshd, user } from "./mini-sshd.ts";

const never = new AbortController().signal;
const servers: MiniSshd[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function open(reaction: Reaction) {
  const server = await startMiniSshd(() => reaction);
  servers.push(server);
  const access: SshAccess = {
    host: "127.0.0.1",
    port: server.port,
    user: "root",
    key: { kind: "env", name: "KEY" },
    host_key: server.fingerprint,
  };
  const secrets = { resolve: async () => user.privateKey };
  return await openSshEcho(access, { clock: quickClock(500), secrets, signal: never });
}

describe("openSshEcho", () => {
  it("calls back for each beat that comes back, in order", async () => {
    const echo = await open("echo");
    const order: number[] = [];
    for (let beat = 0; beat < 5; beat++) expect(echo.beat(() => order.push(beat))).toBe(true);
    await expect.poll(() => order).toEqual([0, 1, 2, 3, 4]);
    echo.close();
    expect([echo.isOpen, echo.beat(() => undefined)]).toEqual([false, false]);
  });

  it("is silent with a server that sends nothing back, and takes only so many beats", async () => {
    const echo = await open("hang");
    let echoed = 0;
    let sent = 0;
    for (let beat = 0; beat < 1000; beat++) if (echo.beat(() => (echoed += 1))) sent += 1;
    expect([echoed, sent, echo.isOpen]).toEqual([0, 600, true]);
    echo.close();
  });

  it("notices when the session ends, and calls for no beat after that", async () => {
    const echo = await open("die");
    await expect.poll(() => echo.isOpen).toBe(false);
    expect(echo.beat(() => undefined)).toBe(false);
    echo.close();
  });

  it("survives what calls for no beat", async () => {
    const echo = await open("flood");
    let echoed = 0;
    echo.beat(() => (echoed += 1));
    await expect.poll(() => echoed).toBe(1);
    await expect.poll(() => echo.isOpen).toBe(false);
    echo.close();
  });
});
