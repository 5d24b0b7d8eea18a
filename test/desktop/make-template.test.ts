import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { FakePveNode } from "./fake-pve-node.ts";

const DESKTOP = join(import.meta.dirname, "../../desktop");
const ARGUMENTS = ["--vmid", "9000", "--storage", "ceph", "--bridge", "vmbr1,tag=12"];

let node: FakePveNode;
beforeEach(async () => {
  node = await FakePveNode.create();
});
afterEach(async () => {
  await node.remove();
});

/** A command line as the shell would write it, without what differs from run to run. */
const withoutNames = (line: string): string =>
  line
    .replaceAll("\\", "")
    .replaceAll(/\/var\/tmp\/make-template(?:\.\w+)?/g, "WORK")
    .replaceAll(/build-[0-9a-f-]+/g, "MARK")
    .trim();

describe("desktop/proxmox/make-template.sh", () => {
  it("prints in a dry run what it would do, and does nothing", async () => {
    const { code, out } = await node.run([...ARGUMENTS, "--dry-run"]);
    expect(code).toBe(0);
    expect(await node.commands()).toEqual([]);
    const qm = out.split("\n").filter((line) => line.startsWith("qm "));
    expect(qm.map((line) => line.split(" ")[1]).join(" ")).toBe(
      "create set resize set set start set set set template set",
    );
    expect(out).toContain("# check: the SHA-512");
    expect(out.replaceAll("\\", "")).toContain("--net0 virtio,bridge=vmbr1,tag=12");
  });

  it("does what the dry run printed, and takes no seed, mark or work folder into the template", async () => {
    const printed = (await node.run([...ARGUMENTS, "--dry-run"])).out
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    const { code, out, said } = await node.run(ARGUMENTS);
    expect({ code, said }).toEqual({ code: 0, said: "" });
    expect((await node.commands()).map(withoutNames)).toEqual(printed.map(withoutNames));
    expect(out).toContain("Template 9000 is ready");
    expect((await node.commands()).at(-1)).toMatch(/^qm set 9000 --description Probe desktop/);
    expect(await node.commands()).toContain("qm set 9000 --delete scsi1 --force 1");
    expect(await node.userData()).toMatch(/^#cloud-config\n/);
  });

  it.each([
    "scsi0 ceph",
    "qm resize",
    "scsi1 ceph",
    "qm start",
    "--delete scsi1",
    "--ide2",
    "qm template",
  ])("removes the machine again when it fails at: %s", async (step) => {
    const { code, said } = await node.run(ARGUMENTS, { FAIL_AT: step });
    expect(code).toBe(1);
    expect(said).toMatch(/make-template: this failed: qm .*\nmake-template: removing VM 9000/);
    expect((await node.commands()).at(-1)).toBe("qm destroy 9000 --purge 1");
    expect(await node.machine()).toBeNull();
  });

  it("makes nothing of an image with another checksum than Debian publishes", async () => {
    const { code, said } = await node.run(ARGUMENTS, { CHECKSUM: "0".repeat(128) });
    expect(code).toBe(1);
    expect(said).toContain("does not have the checksum");
    expect((await node.commands()).filter((line) => line.startsWith("qm"))).toEqual([]);
  });

  it("removes a machine that never ends its installation, or leaves it with --keep", async () => {
    const slow = [...ARGUMENTS, "--timeout", "30"];
    const given = await node.run(slow, { STATUS: "running" });
    expect(given.said).toMatch(/has not finished within 30 s.*\n.*removing VM 9000/);
    expect(await node.machine()).toBeNull();
    const kept = await node.run([...slow, "--keep"], { STATUS: "running" });
    expect(kept.code).toBe(1);
    expect(kept.said).toContain("VM 9000 is left as it is");
    expect(await node.machine()).not.toBeNull();
  });

  it("never removes a machine that somebody else has made under that VMID meanwhile", async () => {
    await node.occupy("my mail server");
    const { code } = await node.run(ARGUMENTS);
    expect(code).toBe(1);
    expect(await node.machine()).toBe("my mail server");
    expect((await node.commands()).join()).not.toMatch(/stop|destroy/);
  });

  it.each([
    ['{"active":1,"shared":0,"content":"images"}', "is not shared"],
    ['{"active":0,"shared":1,"content":"images"}', "is not active"],
    ['{"active":1,"shared":1,"content":"iso,backup"}', "does not take disk images"],
  ])("refuses storage %s", async (STORAGE, message) => {
    const { code, said } = await node.run(ARGUMENTS, { STORAGE });
    expect(code).toBe(1);
    expect(said).toContain(message);
    expect(await node.commands()).toEqual([]);
  });

  it("refuses a VMID that is taken", async () => {
    const { code, said } = await node.run(ARGUMENTS, { FAIL_AT: "nextid" });
    expect(code).toBe(1);
    expect(said).toContain("VMID 9000 is not free");
  });

  it.each([
    [[], "--vmid must be a number from 100, not ''"],
    [["--vmid", "99", "--storage", "a"], "--vmid must be"],
    [["--vmid", "9000"], "--storage must be"],
    [[...ARGUMENTS, "--bridge", "vmbr0,firewall=0"], "--bridge must be"],
    [[...ARGUMENTS, "--disk", "8"], "--disk must be"],
    [[...ARGUMENTS, "--image", "/no/such/file"], "--image cannot be read"],
    [[...ARGUMENTS, "--bogus"], "there is no option --bogus"],
    [["--vmid"], "--vmid needs a value"],
  ])("calls %j a usage error", async (wrong, message) => {
    const { code, said } = await node.run(wrong);
    expect(code).toBe(2);
    expect(said).toContain(message);
    expect(await node.commands()).toEqual([]);
  });

  it("explains itself", async () => {
    const { code, out } = await node.run(["--help"]);
    expect(code).toBe(0);
    for (const option of ["--vmid", "--storage", "--bridge", "--dry-run", "--keep"]) {
      expect(out).toContain(option);
    }
  });
});

const cloudConfig = z.object({
  packages: z.array(z.string()),
  users: z.array(z.object({ name: z.string() })),
  write_files: z.array(
    z.object({
      path: z.string(),
      permissions: z.string().optional(),
      encoding: z.literal("b64").optional(),
      content: z.string(),
    }),
  ),
  runcmd: z.array(z.array(z.string())),
});

const inside = (text: string): ReadonlyMap<string, string> =>
  new Map(
    cloudConfig
      .parse(parse(text))
      .write_files.map(({ path, encoding, content }) => [
        path,
        encoding === "b64" ? Buffer.from(content, "base64").toString() : content,
      ]),
  );
const here = (name: string): string => readFileSync(join(DESKTOP, name), "utf8");

describe("the user-data of the template", () => {
  it("holds the very scripts, the unit and the packages of this folder", async () => {
    const { out } = await node.run(["--print-user-data"]);
    const files = inside(out);
    expect(Object.fromEntries(files)).toEqual({
      "/usr/local/bin/start-desktop": here("start-desktop.sh"),
      "/usr/local/sbin/seal-template": here("proxmox/seal-template.sh"),
      "/etc/systemd/system/probe-desktop.service": here("proxmox/probe-desktop.service"),
    });
    const { packages, users, runcmd } = cloudConfig.parse(parse(out));
    expect(packages).toEqual([
      ...here("packages.txt").trim().split("\n"),
      "curl",
      "qemu-guest-agent",
    ]);
    expect(runcmd[0]?.at(-1)).toBe("/usr/local/sbin/seal-template");
    const unit = here("proxmox/probe-desktop.service");
    expect(unit).toContain(`User=${users[0]?.name ?? ""}\n`);
    expect(unit).toContain("ExecStart=/usr/local/bin/start-desktop\n");
  });

  it("holds a VNC password only where one is given, and where the unit looks for it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "blackout-password-"));
    const file = join(folder, "password");
    await writeFile(file, "secret12\n");
    const files = inside((await node.run(["--print-user-data", "--vnc-password", file])).out);
    expect(files.get("/etc/probe-desktop/vnc-password")).toBe("secret12\n");
    expect(files.get("/etc/probe-desktop/environment")).toBe(
      "DESKTOP_VNC_PASSWORD_FILE=/etc/probe-desktop/vnc-password",
    );
    expect(here("proxmox/probe-desktop.service")).toContain("/etc/probe-desktop/environment");
    await writeFile(file, "too long for VNC");
    expect(await node.run(["--print-user-data", "--vnc-password", file])).toMatchObject({
      code: 2,
      out: "",
      said: expect.not.stringContaining("too long"),
    });
    await rm(folder, { recursive: true });
  });
});

describe("desktop/start-desktop.sh without anything started", () => {
  const script = join(DESKTOP, "start-desktop.sh");
  it.each([
    [{ DESKTOP_PORT: "0" }, "DESKTOP_PORT must be a port"],
    [{ DESKTOP_PORT: "6080; reboot" }, "DESKTOP_PORT must be a port"],
    [{ DESKTOP_GEOMETRY: "big" }, "DESKTOP_GEOMETRY must be like"],
    [{ DESKTOP_DISPLAY: "one" }, "DESKTOP_DISPLAY must be a number"],
    [{ DESKTOP_WEB: "/nowhere" }, "there is no /nowhere/vnc.html"],
  ])("refuses %j", (environment, message) => {
    const env = { PATH: process.env["PATH"], ...environment };
    expect(() => execFileSync(script, { env, stdio: "pipe" })).toThrow(message);
  });

  it.each(["start-desktop.sh", "proxmox/make-template.sh", "proxmox/seal-template.sh"])(
    "%s is well-formed bash",
    (name) => {
      expect(execFileSync("bash", ["-n", join(DESKTOP, name)], { encoding: "utf8" })).toBe("");
    },
  );
});
