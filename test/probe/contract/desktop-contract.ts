import { beforeAll, describe, expect, it } from "vitest";
import type { SampleResult } from "../../../src/model/sample.ts";
import { FramePlaces } from "../../../src/probe/frame-places.ts";
import { Turnstile } from "../../../src/probe/turnstile.ts";
import { resultAt } from "../attempts.ts";
import { pictureOf, viewsOn } from "../views.ts";
import type { Desktop, Subject } from "./subject.ts";

/** TigerVNC refuses everybody after five handshakes that did not end in an admission. */
const AT_ONCE = 4;

/** For as many attempts as a contract may ask for, on a machine with other work. */
const ROW_LIMIT_MS = 120_000;

/** What the probe owes to every desktop, and every desktop to the probe. The order matters: at the end it is dead. */
export function desktopContract(subject: Subject): void {
  describe(`desktop ${subject.name}`, () => {
    let desktop: Desktop;
    const places = new FramePlaces();
    beforeAll(async () => {
      desktop = await subject.start();
      return async () => await desktop.stop();
    });

    it.each(["tcp", "http", "websocket"] as const)("is good at depth %s", async (depth) => {
      expect(await resultAt(desktop.endpoint, { depth })).toEqual({ kind: "good", instance: null });
    });

    it.each(["rfb", "frame"] as const)("is good at depth %s, and says its name", async (depth) => {
      const instance = expect.stringContaining(desktop.instance) as string;
      expect(await resultAt(desktop.endpoint, { depth })).toEqual({ kind: "good", instance });
    });

    it(
      `bears ${subject.inARow} attempts in a row, and locks nobody out`,
      { timeout: ROW_LIMIT_MS },
      async () => {
        const turnstile = new Turnstile();
        let left = subject.inARow;
        const worker = async (): Promise<readonly SampleResult[]> => {
          const results: SampleResult[] = [];
          while (left-- > 0) results.push(await resultAt(desktop.endpoint, { places, turnstile }));
          return results;
        };
        await resultAt(desktop.endpoint, { places, turnstile });
        const results = (await Promise.all(Array.from({ length: AT_ONCE }, worker))).flat();
        expect(results.filter(({ kind }) => kind !== "good")).toEqual([]);
        expect(results).toHaveLength(subject.inARow);
        expect(await resultAt(desktop.endpoint, { places })).toMatchObject({ kind: "good" });
      },
    );

    it("gives a picture of its whole screen, beside whoever else looks", async () => {
      const views = viewsOn();
      const [one, other] = await Promise.all([
        pictureOf(desktop.endpoint, { views }),
        pictureOf(desktop.endpoint, { views }),
      ]);
      expect(one.rgb).toHaveLength(one.width * one.height * 3);
      expect(new Set(one.rgb).size).toBeGreaterThan(1);
      expect(one.instance).toContain(desktop.instance);
      expect(other).toMatchObject({ width: one.width, height: one.height });
    });

    for (const clause of subject.also) clause(() => desktop);

    it("shows what is missing while its VNC server is dead", async () => {
      await desktop.killVnc();
      expect(await resultAt(desktop.endpoint)).toEqual(subject.withoutVnc);
    });

    it("refuses when all of it is dead", async () => {
      await desktop.stop();
      expect(await resultAt(desktop.endpoint)).toEqual({
        kind: "bad",
        reached: null,
        failure: { kind: "refused" },
      });
    });
  });
}
