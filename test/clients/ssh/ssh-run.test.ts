import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../../src/base/errors.ts";
import { sshPulse } from "../../../src/clients/ssh/ssh-pulse.ts";
import { sshRun } from "../../../src/clients/ssh/ssh-run.ts";
import type { SshAccess } from "../../../src/model/inventory.ts";
import { newSshKey } from "../../../src/lab/ssh/ssh-key.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { quickClock } from "../quick-clock.ts";
import type { MiniSshd, Reaction } from "./mini-sshd.ts";
import { startMiniSshd, user } from "./mini-sshd.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(
  react: (command: string) => Reaction,
): Promise<{ sshd: MiniSshd; access: SshAccess }> {
  const sshd = await startMiniSshd(react);
  closing.push(async () => await sshd.close());
  const access: SshAccess = {
    host: "127.0.0.1",
    port: sshd.port,
    user: "root",
    key: { kind: "env", name: "KEY" },
    host_key: sshd.fingerprint,
  };
  return { sshd, access };
}

const tools = (key = user.privateKey, signal = new AbortController().signal) => ({
  clock: new SystemClock(),
  secrets: { resolve: async () => key },
  signal,
});
/** Ten seconds of deadline pass in half of one. */
const impatient = () => ({ ...tools(), clock: quickClock() });

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closing.push(
    async () =>
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** Takes connections and says nothing. */
const mute = (): Server => createServer((socket) => socket.on("error", () => undefined).resume());

describe("sshRun", () => {
  it("runs a command and tells its output and exit code", async () => {
    const { sshd, access } = await start(() => ({ code: 3, stdout: "0\n", stderr: "oh" }));
    const end = await sshRun(access, "id -u", tools());
    expect(end).toMatchObject({ kind: "exited", code: 3, stdout: "0\n", stderr: "oh" });
    expect(sshd.commands).toEqual(["id -u"]);
  });

  it("refuses a host key that is not the pinned one, naming both, and sends no command", async () => {
    const { sshd, access } = await start(() => ({ code: 0 }));
    const run = sshRun({ ...access, host_key: "SHA256:other" }, "id -u", tools());
    await expect(run).rejects.toMatchObject({ code: "untrusted" });
    await expect(run).rejects.toThrow(sshd.fingerprint);
    await expect(run).rejects.toThrow(/SHA256:other.*host_key/su);
    expect(sshd.commands).toEqual([]);
  });

  it("takes any key where the inventory says insecure", async () => {
    const { access } = await start(() => ({ code: 0 }));
    const end = await sshRun({ ...access, host_key: "insecure" }, "true", tools());
    expect(end).toMatchObject({ kind: "exited", code: 0 });
  });

  it("says denied for a key that the server does not know, configuration for one that is none", async () => {
    const { access } = await start(() => ({ code: 0 }));
    const stranger = newSshKey("stranger").privateKey;
    await expect(sshRun(access, "true", tools(stranger))).rejects.toMatchObject({ code: "denied" });
    await expect(sshRun(access, "true", tools("no key"))).rejects.toMatchObject({
      code: "configuration",
    });
  });

  it("tells a connection lost with the host from a refusal", async () => {
    const died = await start(() => "die");
    expect(await sshRun(died.access, "true", tools())).toMatchObject({ kind: "disconnected" });
    const hung = await start(() => "hang");
    expect(await sshRun(hung.access, "true", impatient())).toMatchObject({ kind: "disconnected" });
  });

  it("gives up on a host that takes the connection and says nothing", async () => {
    const port = await listen(mute());
    const { access } = await start(() => ({ code: 0 }));
    await expect(sshRun({ ...access, port }, "true", impatient())).rejects.toMatchObject({
      code: "timed-out",
    });
  });

  it("takes no output that does not end, since half of an answer may look like a whole one", async () => {
    const { access } = await start(() => "flood");
    await expect(sshRun(access, "ip link", tools())).rejects.toMatchObject({ code: "protocol" });
  });

  it("breaks with a server that sends without end, though all of it is allowed", async () => {
    const port = await listen(
      createServer((socket) => {
        const lines = "a line before the greeting\r\n".repeat(500);
        const more = (): void => {
          while (!socket.destroyed && socket.write(lines));
        };
        socket.on("error", () => undefined).on("drain", more);
        more();
      }),
    );
    const { access } = await start(() => ({ code: 0 }));
    const run = sshRun({ ...access, port }, "true", tools());
    await expect(run).rejects.toBeInstanceOf(OperatingError);
  });

  it("says unreachable where the port refuses", async () => {
    const { sshd, access } = await start(() => ({ code: 0 }));
    await sshd.close();
    closing.pop();
    await expect(sshRun(access, "true", tools())).rejects.toMatchObject({ code: "unreachable" });
  });

  it("ends at once with the reason of its signal", async () => {
    const { access } = await start(() => "hang");
    const controller = new AbortController();
    const reason = new Error("enough");
    const run = sshRun(access, "true", tools(user.privateKey, controller.signal));
    setTimeout(() => controller.abort(reason), 50);
    await expect(run).rejects.toBe(reason);
  });
});

describe("sshPulse", () => {
  const never = new AbortController().signal;

  it("takes an sshd that shuts us out, as we come too often, for a living one", async () => {
    for (const words of ["Not allowed at this time\r\n", "Exceeded MaxStartups\r\n"]) {
      const server = createServer((socket) => socket.on("error", () => undefined).end(words));
      const peer = { host: "127.0.0.1", port: await listen(server) };
      expect(await sshPulse(peer, new SystemClock(), never)).toBe("answers");
    }
  });

  it("takes a greeting for life, and neither a refusal nor silence behind an open port", async () => {
    const { access } = await start(() => ({ code: 0 }));
    expect(await sshPulse(access, new SystemClock(), never)).toBe("answers");
    const quiet = await listen(mute());
    expect(await sshPulse({ host: "127.0.0.1", port: quiet }, quickClock(), never)).toBe("silent");
    const web = await listen(createServer((socket) => socket.end("HTTP/1.1 400\r\n")));
    expect(await sshPulse({ host: "127.0.0.1", port: web }, quickClock(), never)).toBe("silent");
    expect(await sshPulse({ host: "127.0.0.1", port: 1 }, quickClock(), never)).toBe("refused");
  });
});
