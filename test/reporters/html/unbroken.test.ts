import { expect, it } from "vitest";
import { unbroken } from "../../../src/reporters/html/unbroken.ts";
import { hostile } from "../../support/fake-report.ts";

it("unbroken keeps numbers with their units, and nothing else", () => {
  const told =
    "Gone for 152.0 s on pve, 95 % between 148.8 and 154.7 s; 9 of 10 (+12.3 s), 2 servers.";
  expect(unbroken(told).toString()).toBe(
    "Gone for 152.0\u00a0s on pve, 95\u00a0% between 148.8 and 154.7\u00a0s; 9 of 10 (+12.3\u00a0s), 2 servers.",
  );
});

it("unbroken shows foreign text as text", () => {
  const text = unbroken(`5 s ${hostile}`).toString();
  expect(text).not.toMatch(/<|[\p{Cc}\p{Cf}]/u);
  expect(text).toContain("&lt;script&gt;");
});
