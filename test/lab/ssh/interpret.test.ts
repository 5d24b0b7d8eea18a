import * as fc from "fast-check";
import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { inSeconds, seconds } from "../../../src/base/time.ts";
import type { Step } from "../../../src/lab/ssh/interpret.ts";
import { interpret } from "../../../src/lab/ssh/interpret.ts";

const node = {
  hostname: "pve1",
  uuid: "u-u-i-d",
  bootId: "b-o-o-t",
  wall: DateTime.fromISO("2026-01-02T03:04:05.678Z", { zone: "utc" }),
  upFor: seconds(3725),
};

/** Steps as one line each, so that a test can be read. */
function told(steps: readonly Step[]): readonly string[] {
  return steps.map((step) => {
    switch (step.kind) {
      case "report":
        return step.report(node);
      case "complain":
        return `!${step.text}`;
      case "wait":
        return `wait ${inSeconds(step.duration)}`;
      case "power":
        return `${step.act} after ${inSeconds(step.delay)}`;
      case "background":
        return `(${told(step.steps).join(", ")})`;
    }
  });
}

const said = (line: string): string => told(interpret(line).steps).join("");

test.each([
  ["hostname", "pve1\n"],
  ["id -u", "0\n"],
  ["whoami", "root\n"],
  ["date +%s", "1767323045\n"],
  ["date +%s.%N", "1767323045.678000000\n"],
  ["uptime", " 03:04:05 up 1:02,  1 user,  load average: 0.00, 0.00, 0.00\n"],
  ["cat /proc/sys/kernel/random/boot_id", "b-o-o-t\n"],
  ["cat /sys/class/dmi/id/product_uuid", "u-u-i-d\n"],
  ["true; :; sync", ""],
  ["echo 'a  b' \"c d\" e\\ f", "a  b c d e f\n"],
  ["hostname >/dev/null", ""],
])("%s says %j", (line, expected) => {
  expect(said(line)).toBe(expected);
  expect(interpret(line).status).toBe(0);
});

test.each([
  "echo o > /proc/sysrq-trigger",
  "echo o >/proc/sysrq-trigger",
  "echo -n o>/proc/sysrq-trigger",
  "sync; echo o > /proc/sysrq-trigger",
  "sh -c 'echo o > /proc/sysrq-trigger'",
  'bash -c "echo o > /proc/sysrq-trigger"',
  "poweroff -ff",
  "poweroff -f -f",
  "systemctl poweroff --force --force",
])("%s powers off a second later", (line) => {
  expect(told(interpret(line).steps)).toEqual(["power-off after 1"]);
});

test.each(["poweroff -f", "systemctl poweroff --force"])("%s takes three seconds", (line) => {
  expect(told(interpret(line).steps)).toEqual(["power-off after 3"]);
});

test("reboot -ff resets", () => {
  expect(told(interpret("reboot -ff").steps)).toEqual(["reset after 1"]);
});

test("a detached fault waits in the background", () => {
  const line =
    "setsid sh -c 'sleep 0.05; echo b > /proc/sysrq-trigger' >/dev/null 2>&1 </dev/null &";
  expect(told(interpret(line).steps)).toEqual(["(wait 0.05, reset after 0)"]);
  expect(said("nohup sh -c 'sync; echo c > /proc/sysrq-trigger' >/dev/null 2>&1 &")).toBe(
    "(panic after 0)",
  );
});

test("&& and || look at the status before them, ; does not", () => {
  expect(said("nonsense && hostname")).not.toContain("pve1");
  expect(said("nonsense || hostname")).toContain("pve1");
  expect(said("nonsense ; hostname")).toContain("pve1");
  expect(said("true || hostname")).toBe("");
  expect(interpret("false").status).toBe(1);
});

test("exit ends the line with its status", () => {
  expect(interpret("exit 3; hostname")).toEqual({ steps: [], status: 3, leaves: true });
  expect(interpret("sh -c 'exit 3'; hostname").leaves).toBe(false);
});

test.each([
  "rm -rf /",
  "cat /etc/shadow",
  "echo $(reboot)",
  "echo `id`",
  "hostname | sh",
  "hostname > /etc/passwd",
  "echo x > /proc/sysrq-trigger",
  "cat o > /proc/sysrq-trigger",
  "poweroff",
  "sleep -1",
  "echo 'open",
  "sh script.sh",
  "(hostname)",
  "sh < /etc/passwd",
])("%s is not understood: 127", (line) => {
  expect(interpret(line).status).toBe(127);
  expect(said(line)).toContain("blackout lab: command not understood");
});

const words = fc.constantFrom(
  "sh",
  "-c",
  "'",
  '"',
  "echo",
  "o",
  ">",
  "/proc/sysrq-trigger",
  ";",
  "&&",
  "||",
  "&",
  "sleep",
  "1",
  "setsid",
  "exit",
  "2>&1",
  "<",
  "/dev/null",
  "\n",
  "\\",
  " ",
  "hostname",
  "poweroff",
  "-ff",
);

test("interpret never throws, and gives a status, whatever it is sent", () => {
  const line = fc.oneof(
    fc.string(),
    fc.array(words).map((all) => all.join(" ")),
    fc.array(words).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(line, (text) => {
      const { status, steps } = interpret(text);
      expect(status).toBeGreaterThanOrEqual(0);
      expect(status).toBeLessThan(256);
      told(steps);
    }),
    { numRuns: 3000, seed: 20_261_122 },
  );
});
