import { hostname } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { attemptAt, password } from "../probe/attempts.ts";
import { requires } from "../support/requires.ts";
import { RunningDesktop } from "./running-desktop.ts";

const needed = requires({
  Xtigervnc: "tigervnc-standalone-server",
  vncpasswd: "tigervnc-tools",
  websockify: "websockify",
  xauth: "xauth",
  xsetroot: "x11-xserver-utils",
});
/** In place of Xfce: draws a pattern, and stays. */
const PATTERN = "xsetroot -mod 16 16 -fg orange -bg navy && exec sleep 3600";
const SECRET = "secret12";

describe.skipIf(needed.skip)(`desktop/start-desktop.sh under our own probe${needed.note}`, () => {
  const started: RunningDesktop[] = [];
  afterEach(async () => {
    for (const desktop of started.splice(0)) await desktop.stop().catch(() => undefined);
  });

  async function start(environment: Readonly<Record<string, string>>): Promise<RunningDesktop> {
    const desktop = await RunningDesktop.start({ DESKTOP_SESSION: PATTERN, ...environment });
    started.push(desktop);
    return desktop;
  }

  it("shows a picture, is named after its host and its start, and ends without a trace", async () => {
    const desktop = await start({ DESKTOP_DISPLAY: "91" });
    const name = await eventuallyGood(desktop);
    expect(name).toMatch(/ [0-9a-f]{8}$/);
    expect(name.startsWith(`${hostname()} `)).toBe(true);
    for (let count = 0; count < 20; count++) {
      expect((await attemptAt(desktop.endpoint)).result).toMatchObject({
        kind: "good",
        instance: name,
      });
    }
    expect([...(await desktop.processes()).values()].join()).toMatch(/Xtigervnc.*websockify/s);
    expect(await desktop.stop()).toBe(143);
    await expect.poll(async () => [...(await desktop.processes()).values()]).toEqual([]);
    const again = await start({ DESKTOP_DISPLAY: "91" });
    expect(await eventuallyGood(again)).not.toBe(name);
  });

  it("is one colour until its session has drawn: a picture means a desktop", async () => {
    const desktop = await start({ DESKTOP_DISPLAY: "92", DESKTOP_SESSION: "exec sleep 3600" });
    await expect
      .poll(async () => (await attemptAt(desktop.endpoint)).result, { timeout: 30_000 })
      .toMatchObject({ kind: "bad", reached: "rfb", failure: { kind: "uniform-frame" } });
  });

  it("asks for its password, shows it on no command line, and locks nobody out for wrong ones", async () => {
    const desktop = await start({ DESKTOP_DISPLAY: "93", DESKTOP_VNC_PASSWORD: SECRET });
    const right = { ...desktop.endpoint, vnc_password: password(SECRET) };
    const wrong = { ...desktop.endpoint, vnc_password: password("wrong") };
    await expect
      .poll(async () => (await attemptAt(right)).result, { timeout: 30_000 })
      .toMatchObject({ kind: "good" });
    for (let count = 0; count < 12; count++) {
      expect((await attemptAt(wrong)).refusal).toBe("not-admitted");
    }
    expect((await attemptAt(right)).result).toMatchObject({ kind: "good" });
    expect((await attemptAt(desktop.endpoint)).result).toMatchObject({ kind: "bad" });
    const lines = [...(await desktop.processes()).values()].join("\n");
    expect(lines).toContain("-SecurityTypes VncAuth");
    expect(lines).not.toContain(SECRET);
  });

  it.each(["Xtigervnc", "websockify", "sleep"])(
    "ends as a failure when its %s dies",
    async (part) => {
      const desktop = await start({ DESKTOP_DISPLAY: "94" });
      await eventuallyGood(desktop);
      const processes = [...(await desktop.processes())];
      const [pid] = processes.find(([, line]) => line.includes(part)) ?? [];
      if (pid === undefined) throw new Error(`no ${part} among ${JSON.stringify(processes)}`);
      process.kill(pid, "SIGKILL");
      expect(await desktop.ended()).toBe(1);
      expect(desktop.said).toContain("a part of the desktop has ended");
      await expect.poll(async () => [...(await desktop.processes()).values()]).toEqual([]);
      expect(await desktop.leftFiles()).toEqual([]);
    },
  );
});

async function eventuallyGood(desktop: RunningDesktop): Promise<string> {
  await expect
    .poll(async () => (await attemptAt(desktop.endpoint)).result, { timeout: 30_000 })
    .toMatchObject({ kind: "good" });
  const { result } = await attemptAt(desktop.endpoint);
  return result.kind === "good" ? (result.instance ?? "") : "";
}
