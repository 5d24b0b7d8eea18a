import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requires } from "../../support/requires.ts";
import { novnc, password, resultAt } from "../attempts.ts";
import { desktopContract } from "./desktop-contract.ts";
import { withPage } from "./page.ts";
import type { Page } from "./page.ts";
import { passwordClause } from "./password-clause.ts";
import { resizeClause } from "./resize-clause.ts";
import { answering, end, freePort, Programs } from "./programs.ts";
import type { Desktop } from "./subject.ts";

const needed = requires({ "qemu-system-x86_64": "qemu-system-x86" });
const PASSWORD = "secret12";
/** QEMU counts displays from there. */
const FIRST_VNC_PORT = 5900;
const MACHINE = ["-machine", "pc,accel=tcg", "-m", "16", "-nodefaults", "-vga", "std"] as const;
const CONTROL = ["-monitor", "stdio", "-name", "probe-guest", "-S"] as const;

/** A machine without a disk that does not run yet; its screen says so. Its WebSocket has the path `/` alone, and no page. */
async function startQemu(page: Page, programs: Programs): Promise<Desktop> {
  const secret = join(programs.folder, "password");
  await writeFile(secret, PASSWORD, { mode: 0o600 });
  const [vncPort, port] = [await freePort(), await freePort()];
  const display = `vnc=127.0.0.1:${vncPort - FIRST_VNC_PORT},websocket=${port},password-secret=vnc`;
  const qemu = programs.run("qemu-system-x86_64", [
    ...MACHINE,
    ...CONTROL,
    "-object",
    `secret,id=vnc,file=${secret}`,
    "-display",
    display,
  ]);
  await answering(port);
  let runs = false;
  return {
    endpoint: novnc(
      { page_url: page.url, websocket_url: `ws://127.0.0.1:${port}/` },
      { vnc_password: password(PASSWORD) },
    ),
    instance: "probe-guest",
    resize: async () => {
      // Its BIOS goes to text mode: 720 x 400 instead of 640 x 480.
      qemu.stdin?.write(runs ? "system_reset\n" : "cont\n");
      runs = true;
      await Promise.resolve();
    },
    killVnc: async () => {
      await end(qemu);
    },
    stop: async () => {
      await programs.stop();
      await page.stop();
    },
  };
}

const start = async (): Promise<Desktop> =>
  await withPage(
    async (page) => await Programs.start(async (programs) => await startQemu(page, programs)),
  );

describe.skipIf(needed.skip)(`the probe and QEMU's own WebSocket${needed.note}`, () => {
  desktopContract({
    name: "with a VNC password",
    start,
    inARow: 200,
    also: [passwordClause, resizeClause],
    withoutVnc: { kind: "bad", reached: "http", failure: { kind: "refused" } },
  });

  it("has no page of its own, and says so: noVNC's must come from elsewhere", async () => {
    const desktop = await start();
    const { host } = new URL(desktop.endpoint.websocket_url);
    const alone = { ...desktop.endpoint, page_url: `http://${host}/vnc.html` };
    try {
      expect(await resultAt(alone)).toEqual({
        kind: "bad",
        reached: "tcp",
        failure: { kind: "http-status", status: 404 },
      });
    } finally {
      await desktop.stop();
    }
  });
});
