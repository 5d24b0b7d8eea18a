import type { LabDesktop } from "../../../src/lab/desktop/desktop.ts";
import { serveDesktop } from "../../../src/lab/desktop/serve-desktop.ts";
import { createLabNetwork } from "../../../src/lab/network/create-network.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { novnc, password } from "../attempts.ts";
import { desktopContract } from "./desktop-contract.ts";
import { passwordClause } from "./password-clause.ts";
import { cannotResize, websockifyWithoutVnc } from "./subject.ts";
import type { Desktop } from "./subject.ts";

const PORT = 6080;

async function startLab(secret: string | null): Promise<Desktop> {
  const clock = new SystemClock();
  let isUp = true;
  const lab: LabDesktop = {
    clock,
    name: () => "desktop-1 boot 7",
    password: () => secret,
    vncUp: () => isUp,
  };
  const network = await createLabNetwork(clock);
  const host = await network.addHost("guest");
  await serveDesktop(host, PORT, lab);
  const base = `://${host.address}:${PORT}`;
  const urls = { page_url: `http${base}/vnc.html`, websocket_url: `ws${base}/websockify` };
  return {
    endpoint: novnc(urls, { vnc_password: secret === null ? null : password(secret) }),
    instance: "boot 7",
    resize: cannotResize,
    killVnc: async () => {
      isUp = false;
      await Promise.resolve();
    },
    stop: async () => {
      await network.close();
    },
  };
}

desktopContract({
  name: "of the lab without a password",
  start: async () => await startLab(null),
  inARow: 300,
  also: [],
  withoutVnc: websockifyWithoutVnc,
});

desktopContract({
  name: "of the lab with a VNC password",
  start: async () => await startLab("secret12"),
  inARow: 100,
  also: [passwordClause],
  withoutVnc: websockifyWithoutVnc,
});
