import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { between, inSeconds, seconds } from "../../../src/base/time.ts";
import { serveProxmox } from "../../../src/lab/proxmox/serve-proxmox.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { FakeTwin, off } from "./support/fake-twin.ts";
import { LabBench } from "./support/lab-bench.ts";
import type { Ticket } from "./support/viewer.ts";
import { Viewer } from "./support/viewer.ts";

const bench = new LabBench();
let twin: FakeTwin;

beforeAll(async () => {
  await bench.start(async (context) => {
    twin = new FakeTwin(context.twinTime.queue, () => context.twinTime.wallSeconds());
    return await serveProxmox({ name: "labc", bmc: "ipmi", safety: defaultSafety, twin }, context);
  });
});
afterAll(async () => {
  await bench.stop();
});

async function ticketFrom(asked: string, node = "pv8"): Promise<Ticket> {
  const path = `/api2/json/nodes/${node}/qemu/100/vncproxy`;
  const answer = await bench.ask(asked, "POST", path, { body: "websocket=1" });
  expect([answer.status, answer.reason]).toEqual([200, "OK"]);
  return Object(answer.body).data;
}

const watch = (asked: string, ticket: Ticket): Viewer => new Viewer(bench, asked, ticket);

describe("a PVE console", () => {
  it("opens with its ticket's password and shows QEMU's screen", async () => {
    const ticket = await ticketFrom("pv8");
    expect(Number(ticket.port)).toBeGreaterThanOrEqual(5900);
    expect(ticket.ticket.startsWith(`${ticket.password}:PVEVNC:`)).toBe(true);
    const viewer = watch("pv8", ticket);
    expect(await viewer.authenticate(ticket.password)).toBe("QEMU (lab100)");
    expect(viewer.socket.protocol).toBe("binary");
    expect(viewer.firstAfter).toBeGreaterThanOrEqual(0.5);
    viewer.socket.terminate();
  });

  it("reaches a VM on another node half a second later", async () => {
    const ticket = await ticketFrom("pv7");
    const viewer = watch("pv7", ticket);
    expect(await viewer.authenticate(ticket.password)).toBe("QEMU (lab100)");
    expect(viewer.firstAfter).toBeGreaterThanOrEqual(1);
    viewer.socket.terminate();
  });

  it("refuses a second connection, a wrong ticket, another node's port, and one that comes too late", async () => {
    const used = await ticketFrom("pv8");
    const first = watch("pv8", used);
    await first.read(12);
    const refused = /500 connect to 'localhost:\d+' failed: Connection refused/;
    await expect(watch("pv8", used).ended).rejects.toThrow(refused);
    first.socket.terminate();

    const forged = { ...(await ticketFrom("pv8")), ticket: "nonsense" };
    await expect(watch("pv8", forged).ended).rejects.toThrow(
      "401 permission denied - invalid PVEVNC ticket",
    );
    await expect(watch("pv9", await ticketFrom("pv7")).ended).rejects.toThrow(refused);

    const late = await ticketFrom("pv8");
    await bench.clock.sleep(seconds(10.5), new AbortController().signal);
    await expect(watch("pv8", late).ended).rejects.toThrow(refused);
  });

  it("is closed when the VM does not run, and while it stops", async () => {
    const open = await ticketFrom("pv8");
    const viewer = watch("pv8", open);
    await viewer.authenticate(open.password);
    twin.setGuest(100, off);
    expect(await viewer.ended).toBe(1006);
    const next = watch("pv8", await ticketFrom("pv8"));
    expect(await next.ended).toBe(1006);
    twin.setGuest(100, twin.running("booting"));
    const back = await ticketFrom("pv8");
    expect(await watch("pv8", back).authenticate(back.password)).toBe("QEMU (lab100)");
  });

  it("stands still when the node dies, and a new one is closed three seconds after 101", async () => {
    const open = await ticketFrom("pv7");
    const viewer = watch("pv7", open);
    await viewer.authenticate(open.password);
    twin.setGuest(100, off);
    twin.setHost("pv8", "off");
    const started = bench.clock.now();
    const late = watch("pv7", await ticketFrom("pv7"));
    expect(await late.ended).toBe(1006);
    expect(inSeconds(between(started, bench.clock.now()))).toBeGreaterThanOrEqual(2.8);
    expect(viewer.socket.readyState).toBe(WebSocket.OPEN);
    viewer.socket.terminate();
    twin.setHost("pv8", "up");
    twin.setGuest(100, twin.running("up"));
    await bench.clock.sleep(seconds(3), new AbortController().signal);
  });

  it("is closed while somebody keeps VNC stopped", async () => {
    const vnc = { part: "vnc", node: null } as const;
    await bench.running?.control({ ...vnc, working: false });
    expect(await watch("pv8", await ticketFrom("pv8")).ended).toBe(1006);
    await bench.running?.control({ ...vnc, working: true });
    const ticket = await ticketFrom("pv8");
    expect(await watch("pv8", ticket).authenticate(ticket.password)).toBe("QEMU (lab100)");
  });
});
