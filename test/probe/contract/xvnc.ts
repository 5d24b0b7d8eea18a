import type { ChildProcess } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { novnc, password } from "../attempts.ts";
import { answering, end, freePort, lineFrom, Programs, refusing } from "./programs.ts";
import type { Desktop } from "./subject.ts";

export const xvncPackages = {
  Xtigervnc: "tigervnc-standalone-server",
  vncpasswd: "tigervnc-tools",
  websockify: "websockify",
  xrandr: "x11-xserver-utils",
} as const;

const PASSWORD = "secret12";
export const withoutPassword = ["-SecurityTypes", "None"] as const;
export const withPassword = ["-SecurityTypes", "VncAuth", "-PasswordFile", "passwd"] as const;
/** `-retro` gives the root window a pattern; without it the screen is black. */
export const PATTERN = "-retro";

/** How websockify serves it. */
export interface Front {
  /** Options of websockify, for a VNC server on that port. */
  readonly options: (vncPort: number, folder: string) => Promise<readonly string[]>;
  /** What follows the path of the WebSocket. */
  readonly query: string;
  /** PEM of the CA, if it speaks TLS. */
  readonly ca: string | null;
}

const plainFront: Front = {
  options: async (vncPort) => await Promise.resolve([`127.0.0.1:${vncPort}`]),
  query: "",
  ca: null,
};

export interface XvncDesktop extends Desktop {
  readonly display: string;
  readonly vnc: ChildProcess;
}

/** An X server that is a VNC server, and websockify before it. */
export async function startXvnc(
  server: readonly string[],
  front: Front = plainFront,
): Promise<XvncDesktop> {
  return await Programs.start(async (programs) => await startWith(programs, server, front));
}

async function startWith(
  programs: Programs,
  server: readonly string[],
  front: Front,
): Promise<XvncDesktop> {
  const { folder } = programs;
  await writeFile(join(folder, "vnc.html"), "<title>noVNC</title>");
  await writeFile(join(folder, "passwd"), await hiddenPassword(), { mode: 0o600 });
  const [vncPort, webPort] = [await freePort(), await freePort()];
  const where = ["-displayfd", "3", "-rfbport", `${vncPort}`, "-localhost"];
  const what = ["-geometry", "800x600", "-desktop", `probe-${vncPort}`];
  const vnc = programs.run("Xtigervnc", [...where, ...what, ...server]);
  const display = `:${await lineFrom(vnc)}`;
  const behind = await front.options(vncPort, folder);
  programs.run("websockify", ["--web", folder, `127.0.0.1:${webPort}`, ...behind]);
  await answering(webPort);
  const s = front.ca === null ? "" : "s";
  const base = `${s}://127.0.0.1:${webPort}`;
  const websocket_url = `ws${base}/websockify${front.query}`;
  const sizes = ["640x480", "1024x768"];
  return {
    display,
    vnc,
    endpoint: novnc(
      { page_url: `http${base}/vnc.html`, websocket_url },
      { vnc_password: password(PASSWORD), ca_pem: front.ca },
    ),
    instance: `probe-${vncPort}`,
    resize: async () => {
      sizes.reverse();
      await promisify(execFile)("xrandr", ["-display", display, "-s", sizes[0] ?? ""]);
    },
    killVnc: async () => {
      await end(vnc);
    },
    stop: async () => {
      await programs.stop();
      // websockify has a process for each connection, and each of them its listening socket.
      await refusing(webPort);
    },
  };
}

/** What `vncpasswd -f` makes of the password, which it reads from its standard input. */
async function hiddenPassword(): Promise<Buffer> {
  const child = spawn("vncpasswd", ["-f"], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end(`${PASSWORD}\n`);
  const output: Readable = child.stdout;
  const [hidden] = (await once(output, "data")) as [Buffer];
  return hidden;
}
