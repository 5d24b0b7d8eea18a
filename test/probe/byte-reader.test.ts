import { describe, expect, it } from "vitest";
import { ByteReader } from "../../src/probe/rfb/byte-reader.ts";

describe("ByteReader", () => {
  it("keeps nothing of empty pieces, however many there are", async () => {
    const input = new ByteReader(10);
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 2_000_000; count++) input.push(Buffer.alloc(0));
    // Kept, they would take 200 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    input.push(Buffer.from([7]));
    expect(await input.readByte()).toBe(7);
  });
});
