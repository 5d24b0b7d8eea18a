import { execFile, execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exactly } from "../../../src/base/interval.ts";
import { between, inSeconds, seconds } from "../../../src/base/time.ts";
import { createFault } from "../../../src/faults/create-fault.ts";
import type { Reach } from "../../../src/faults/reach.ts";
import type { NetworkCut } from "../../../src/model/fault-spec.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { isEverythingRequired, requires } from "../../support/requires.ts";
import { aCluster, strikeOn } from "../a-cluster.ts";
import { full } from "../a-scene.ts";

const needed = requires({ ip: "iproute2", pgrep: "procps", setsid: "util-linux" });
/** Namespaces need root. Where nothing may be skipped the tests fail without it. */
const isAllowed = process.getuid?.() === 0 || isEverythingRequired;
const clock = new SystemClock();
const never = new AbortController().signal;
const SPACE = `blackout-cut-${process.pid}`;
const ip = (...words: string[]): string => execFileSync("ip", words, { encoding: "utf8" });
const inside = (...words: string[]): string => ip("netns", "exec", SPACE, ...words);

/** Commands run in a network namespace with two links instead of over SSH: iproute2, pgrep and the shell are real. */
const reach: Reach = {
  openBmc: async () => await Promise.reject(new Error("there is no BMC")),
  run: async (_access, command) => {
    const sent = clock.now();
    return await new Promise((resolve) => {
      const words = ["netns", "exec", SPACE, "sh", "-c", command];
      execFile("ip", words, (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ kind: "exited", code, stdout, stderr, sent });
      });
    });
  },
  echo: async () => await Promise.reject(new Error("there is no session to keep")),
  pulse: async () => {
    const link = inside("ip", "-brief", "link", "show", "eth0");
    return link.includes(",UP") || link.includes("<UP") ? "answers" : "silent";
  },
};

const cutOf = (cut: string, seconds_: number): NetworkCut => ({
  kind: "network-cut",
  cut,
  for_ms: seconds_ * 1000,
  over: "ssh",
});

const faultOf = (spec: NetworkCut) =>
  createFault(
    spec,
    { cluster: aCluster([full]), clock, secrets: { resolve: async () => "x" } },
    reach,
  );
/** What must be as before; without what the kernel numbers anew. */
const state = (): string =>
  [inside("ip", "route", "show"), inside("ip", "-brief", "address", "show")]
    .join("\n")
    .replaceAll(/ proto static| fe80:\S+/gu, "");

describe.skipIf(needed.skip || !isAllowed)(
  `a network cut in a real namespace${needed.note}`,
  () => {
    beforeAll(() => {
      ip("netns", "add", SPACE);
      inside("ip", "link", "set", "dev", "lo", "up");
      for (const [name, address] of [
        ["eth0", "10.77.1.5/24"],
        ["eth1", "10.77.2.5/24"],
      ] as const) {
        inside("ip", "link", "add", name, "type", "veth", "peer", "name", `${name}p`);
        inside("ip", "link", "set", "dev", `${name}p`, "up");
        inside("ip", "link", "set", "dev", name, "up");
        inside("ip", "address", "add", address, "dev", name);
      }
      inside("ip", "address", "add", "fd00:77::5/64", "dev", "eth0", "nodad");
      inside("ip", "route", "add", "default", "via", "10.77.1.1", "dev", "eth0");
      inside(
        "ip",
        "route",
        "add",
        "10.78.0.0/16",
        "via",
        "10.77.2.1",
        "dev",
        "eth1",
        "metric",
        "50",
        "proto",
        "static",
      );
    });
    afterAll(() => {
      ip("netns", "delete", SPACE);
    });

    it("takes links down and has its timer put all back as it was", async () => {
      const before = state();
      const fault = faultOf(cutOf("all", 4));
      expect(await fault.check("pve2", never)).toEqual([]);
      const requested = exactly(clock.now());
      await fault.inject(strikeOn("pve2"), never);
      const proof = await fault.confirm(strikeOn("pve2"), requested, clock.timeout(seconds(3)));
      expect(inSeconds(between(proof.gone.earliest, proof.gone.latest))).toBeLessThan(2);
      expect(inside("ip", "route", "show")).toBe("");
      expect(await fault.check("pve2", never)).toMatchObject([{ guard: "network-cut" }]);
      for (let tries = 0; tries < 100 && state() !== before; tries++) await pause(100);
      expect(state()).toBe(before);
      await fault.heal("pve2", clock.timeout(seconds(30)));
      expect(await fault.check("pve2", never)).toEqual([]);
    });

    it("finds the link of a network, proves the cut by it, and takes it up at once when it is healed", async () => {
      const before = state();
      const fault = faultOf(cutOf("10.77.2.0/24", 8));
      const requested = exactly(clock.now());
      await fault.inject(strikeOn("pve2"), never);
      const proof = await fault.confirm(strikeOn("pve2"), requested, clock.timeout(seconds(5)));
      expect(proof.evidence).toBe("down: eth1");
      const healing = fault.heal("pve2", clock.timeout(seconds(30)));
      for (let tries = 0; tries < 30 && state() !== before; tries++) await pause(100);
      expect(state()).toBe(before);
      await healing;
      expect(await fault.check("pve2", never)).toEqual([]);
    });
  },
);
