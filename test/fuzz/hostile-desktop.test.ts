import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { attemptAt, novnc } from "../probe/attempts.ts";
import type { Line } from "../probe/fake-desktop.ts";
import { fakeDesktop, text, u16, u32 } from "../probe/fake-desktop.ts";
import { pictureOf } from "../probe/views.ts";
import { grownDuring } from "./support/footprint.ts";

const MOST_GROWN = 300_000_000;
/** As long as a flood goes on if nothing stops it. */
const ATTEMPT_MS = 800;

/** Writes `piece` again and again, whether it is read or not, until the connection ends. */
async function flood(line: Line, piece: Buffer): Promise<void> {
  const { socket } = line;
  while (!socket.destroyed) {
    if (socket.write(piece)) continue;
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}

const pause = async (): Promise<void> => {
  await new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
};

async function trickle(line: Line, message: Buffer): Promise<void> {
  for (;;) {
    line.send(message);
    await pause();
  }
}

const many = (frame: readonly number[]): Buffer =>
  Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from(frame)));
const forever = async (): Promise<never> => await new Promise<never>(() => undefined);

const greeted = async (line: Line): Promise<void> => {
  line.send("RFB 003.008\n");
  await line.read(12);
  line.send([1, 1]);
  await line.read(1);
  line.send(u32(0));
  await line.read(1);
  line.send(u16(640), u16(480), Buffer.alloc(16), text("desktop"));
};

/** What a desktop does behind the upgrade. */
const manners: Readonly<Record<string, (line: Line) => Promise<void>>> = {
  "says nothing": forever,
  "floods with pings": async (line) => await flood(line, many([0x89, 0])),
  "floods with pongs": async (line) => await flood(line, many([0x8a, 0])),
  "floods with empty messages": async (line) => await flood(line, many([0x82, 0])),
  "floods with messages of one byte": async (line) => await flood(line, many([0x82, 1, 2])),
  "floods with empty fragments": async (line) => {
    await flood(line, Buffer.concat([Buffer.from([0x02, 0]), many([0x00, 0])]));
  },
  "sends fragments without end": async (line) => {
    line.socket.write(Buffer.from([0x02, 1, 82]));
    await flood(line, many([0x00, 1, 0]));
  },
  "announces a huge message": async (line) => {
    line.socket.write(Buffer.from([0x82, 127, 0, 0, 0, 4, 0, 0, 0, 0]));
    await flood(line, Buffer.alloc(65_536));
  },
  "announces a message of the longest length and is silent": async (line) => {
    line.socket.write(Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff]));
    await forever();
  },
  "answers out of order": async (line) => {
    line.send(u32(0), "RFB 003.008\n", [1, 1]);
    await forever();
  },
  "floods after its greeting": async (line) => {
    await greeted(line);
    await trickle(line, Buffer.alloc(65_536, 2));
  },
  "floods with rectangles without pixels": async (line) => {
    await greeted(line);
    const pointer = Buffer.concat([Buffer.alloc(8), u32(-232)]);
    line.send([0, 0], u16(65_535), Buffer.concat(Array.from({ length: 65_535 }, () => pointer)));
    await forever();
  },
  "sends a black picture byte by byte": async (line) => {
    await greeted(line);
    line.send([0, 0], u16(1), u16(0), u16(0), u16(640), u16(480), u32(0));
    await trickle(line, Buffer.alloc(1));
  },
};

describe("an attempt ends in time, and small, with a failure of the desktop and none of ours", () => {
  it.each(Object.entries(manners))("which %s", async (_, speak) => {
    const desktop = await fakeDesktop({ speak });
    let outcome: unknown;
    const grown = await grownDuring(async () => {
      const { result } = await attemptAt(novnc(desktop), { attempt_ms: ATTEMPT_MS });
      outcome = result.kind === "unobserved" && result.why === "late" ? { kind: "bad" } : result;
    });
    await desktop.close();
    expect(outcome).toMatchObject({ kind: "bad" });
    expect(grown).toBeLessThan(MOST_GROWN);
  });
});

/** A picture is whole or not at all, so that these do not end with the first piece. */
const ofPictures: typeof manners = {
  ...manners,
  "sends the first tile again and again": async (line) => {
    await greeted(line);
    const tile = Buffer.concat([u16(0), u16(0), u16(64), u16(64), u32(0), Buffer.alloc(16_384)]);
    await trickle(line, Buffer.concat([Buffer.from([0, 0]), u16(1), tile]));
  },
  "gives its screen another size all the time": async (line) => {
    await greeted(line);
    for (let width = 1; ; width++) {
      line.send([0, 0], u16(1), u16(0), u16(0), u16(width % 4000), u16(2000), u32(-223));
      await pause();
    }
  },
};

describe("a picture ends in time, and small, with a failure in words", () => {
  it.each(Object.entries(ofPictures))("of a desktop that %s", async (_, speak) => {
    const desktop = await fakeDesktop({ speak });
    let outcome: unknown;
    const grown = await grownDuring(async () => {
      outcome = await pictureOf(novnc(desktop), { limit_ms: ATTEMPT_MS }).catch(
        (error: unknown) => error,
      );
    });
    await desktop.close();
    expect(outcome).toBeInstanceOf(OperatingError);
    expect(grown).toBeLessThan(MOST_GROWN);
  });
});
