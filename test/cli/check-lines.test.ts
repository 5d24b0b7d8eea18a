import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { CheckedCluster } from "../../src/cli/check-cluster.ts";
import { checkJson, checkLines, pasteOf } from "../../src/cli/check-lines.ts";
import { note, ok, problem } from "../../src/model/survey.ts";
import { hostile } from "../support/fake-report.ts";

const plain = pc.createColors(false);

const good: CheckedCluster = {
  name: "office-pve",
  kind: "proxmox",
  code: 0,
  findings: [
    ok({ topic: "api", subject: "https://pve1:8006" }, "Proxmox VE 9.2"),
    note({ topic: "identity", subject: "office-pve" }, "not pinned", {
      needs: "it pinned",
      paste: { identity: { name: "office" } },
    }),
  ],
};
const bad: CheckedCluster = {
  name: "office-k8s",
  kind: "kubernetes",
  code: 4,
  findings: ["w1", "w2"].map((node) =>
    problem({ topic: "ssh", subject: node }, "wrong host key", {
      needs: "the right one",
      paste: { nodes: { [node]: { ssh: { host_key: `SHA256:${node}` } } } },
    }),
  ),
};

describe("checkLines", () => {
  it("prints a section for each cluster and one line for each finding, with its mark", () => {
    const lines = checkLines("my.yaml", [good, bad], plain).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "office-pve (proxmox)",
      "  ok  api       https://pve1:8006  Proxmox VE 9.2",
      "  !   identity  office-pve         not pinned. Needs it pinned",
      "  A run would be allowed. Nothing has been touched.",
    ]);
    expect(lines.slice(5, 9)).toEqual([
      "office-k8s (kubernetes)",
      "  x   ssh  w1  wrong host key. Needs the right one",
      "  x   ssh  w2  wrong host key. Needs the right one",
      "  Not as it should be: 2 problem(s), marked x. Nothing was touched.",
    ]);
  });

  it("keeps a hostile cluster's words in their own line, without what would steer a terminal", () => {
    const about = { topic: "node", subject: hostile } as const;
    const findings = [problem(about, hostile, { needs: hostile }), ok(about, "well")];
    const text = checkLines("my.yaml", [{ ...bad, findings }], plain);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(text.trimEnd().split("\n")).toHaveLength(4);
  });

  it("ends with what there is to paste, as one piece of YAML, and its file", () => {
    const text = checkLines("my.yaml", [good, bad], plain);
    const [, block = ""] = text.split(/^To paste into my\.yaml.*\n/mu);
    expect(parse(block)).toEqual({
      clusters: {
        "office-pve": { identity: { name: "office" } },
        "office-k8s": {
          nodes: {
            w1: { ssh: { host_key: "SHA256:w1" } },
            w2: { ssh: { host_key: "SHA256:w2" } },
          },
        },
      },
    });
  });

  it("says nothing of pasting where nothing is proposed", () => {
    const without = { ...good, findings: good.findings.slice(0, 1) };
    expect(checkLines("my.yaml", [without], plain)).not.toContain("paste");
    expect(pasteOf([without])).toBeNull();
  });
});

describe("checkJson", () => {
  it("has all findings, and for each cluster whether a run would be allowed", () => {
    const said: unknown = JSON.parse(checkJson("my.yaml", [good, bad]));
    expect(said).toMatchObject({
      format: 1,
      inventory: "my.yaml",
      allowed: false,
      clusters: [
        { name: "office-pve", allowed: true, exit_code: 0, findings: good.findings },
        { name: "office-k8s", allowed: false, exit_code: 4, findings: bad.findings },
      ],
    });
  });
});
