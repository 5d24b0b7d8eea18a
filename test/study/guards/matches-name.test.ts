import { describe, expect, it } from "vitest";
import { matchesName } from "../../../src/study/guards/matches-name.ts";

describe("matchesName", () => {
  it.each([
    ["monitoring/*", "monitoring/prometheus-0"],
    ["monitoring/*", "monitoring/"],
    ["mail (100)", "mail (100)"],
    ["mail", "mail (100)"],
    ["*", "anything/at all"],
    ["mail", "mail (100) (status unknown)"],
    ["mail (100)", "mail (100) (status unknown)"],
    ["100", "100 (status unknown)"],
    ["*/web-*", "prod/web-5c7d"],
    ["a*b*c", "a--b--b--c"],
    ["a*a", "aa"],
    ["100", "100"],
  ])("%j stands for %j", (pattern, name) => {
    expect(matchesName(pattern, name)).toBe(true);
  });

  it.each([
    ["monitoring/*", "monitoring-2/x"],
    ["mail (100)", "mail (101)"],
    ["mail", "mailman (100)"],
    ["mail (100)", "mail (101) (status unknown)"],
    ["mail", "prod/mail"],
    ["a*a", "a"],
    ["a*b*b", "ab"],
    ["ab*ba", "aba"],
    ["", "x"],
    ["m.il", "mail"],
  ])("%j does not stand for %j", (pattern, name) => {
    expect(matchesName(pattern, name)).toBe(false);
  });

  it("takes no time for a pattern that is made to take long", () => {
    expect(matchesName(`${"*a".repeat(2000)}b`, "a".repeat(20_000))).toBe(false);
  });
});
