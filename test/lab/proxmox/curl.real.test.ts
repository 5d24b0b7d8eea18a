import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProxmoxLab } from "../../../src/lab/proxmox/proxmox-lab.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { requires } from "../../support/requires.ts";
import { LabBench } from "./support/lab-bench.ts";

const bench = new LabBench();

const needed = requires({ curl: "curl" });

describe.skipIf(needed.skip)(`curl${needed.note}`, () => {
  beforeAll(async () => {
    await bench.start(
      async (context) =>
        await createProxmoxLab(
          {
            name: "pve",
            bmc: "ipmi",
            safety: defaultSafety,
            settings: defaultProxmoxSettings,
          },
          context,
        ),
    );
  });
  afterAll(async () => {
    await bench.stop();
  });

  it("reads /cluster/resources with the line that the lab prints", async () => {
    const command = bench.running?.howTo.find((each) =>
      each.command.includes("/cluster/resources"),
    );
    const { stdout } = await promisify(execFile)("sh", ["-c", command?.command ?? "false"]);
    const { data } = JSON.parse(stdout);
    expect(data.filter((item: { type: string }) => item.type === "node")).toHaveLength(3);
    expect(data.map((item: { id: string }) => item.id)).toContain("qemu/9000");
  });

  it("makes a desktop with the lines that the lab prints, and reads its page", async () => {
    const command = bench.running?.howTo.find((each) => each.command.includes("clone"))?.command;
    const quick = (command ?? "false").replaceAll(/sleep \d+/g, "sleep 1");
    const { stdout } = await promisify(execFile)("sh", ["-c", quick]);
    const url =
      stdout
        .trim()
        .split("\n")
        .at(-1)
        ?.replace(/^.*(?=http:)/, "") ?? "";
    expect(url).toMatch(/^http:\/\/127\.[.\d]+:6080\/vnc\.html$/);
    const page = await promisify(execFile)("curl", [
      "-sS",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      url,
    ]);
    expect(page.stdout).toBe("200");
  });
});
