import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";

describe("OperatingError", () => {
  it("keeps no more of a message than anybody reads, as a peer may have put anything into it", () => {
    const error = new OperatingError("protocol", "x".repeat(1_000_000));
    expect(error.message).toHaveLength(20_000);
  });
});
