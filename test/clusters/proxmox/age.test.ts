import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, inMs, milliseconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import { ServerClock } from "../../../src/clients/shared/server-clock.ts";
import { ageAt, renewedAt, writtenAt } from "../../../src/clusters/proxmox/age.ts";
import { noteRenewals } from "../../../src/clusters/proxmox/renewals.ts";
import type { ManagerStatus } from "../../../src/clients/proxmox/replies.ts";
import { managerStatus } from "../../../src/clients/proxmox/replies.ts";
import type { Look } from "../../../src/clusters/proxmox/look.ts";
import { writeLag } from "../../../src/clusters/proxmox/write-lag.ts";
import { lookWith } from "./recorded.ts";

const SEED = 20261122;
const ms = (count: number) => at(milliseconds(count));

const statusWith = (stamp: number, uid = "a"): ManagerStatus =>
  managerStatus.parse({
    manager_status: { service_status: { "vm:100": { state: "started", node: "pv8", running: 1 } } },
    lrm_status: {
      pv8: { state: "active", mode: "active", timestamp: stamp, results: { [uid]: {} } },
    },
  });

const lookAt = (from: number, stamp: number, uid = "a"): Look =>
  lookWith(from, from + 20, { manager: statusWith(stamp, uid) });

describe("ServerClock", () => {
  test("knows nothing before the first reply", () => {
    expect(new ServerClock().instantOf(1_795_319_422)).toBeNull();
  });

  test("always holds the truth, whatever the offset and the round trips", () => {
    const replies = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 59_000 }),
        there: fc.integer({ min: 0, max: 400 }),
        back: fc.integer({ min: 0, max: 400 }),
      }),
      { minLength: 1, maxLength: 50 },
    );
    const offset = fc.double({ min: 1.79e9, max: 1.8e9, noNaN: true });
    fc.assert(
      fc.property(replies, offset, fc.integer({ min: 0, max: 100_000 }), (all, ahead, when) => {
        const clock = new ServerClock();
        for (const { at: sent, there, back } of all.toSorted((a, b) => a.at - b.at)) {
          const date = Math.floor((sent + there) / 1000 + ahead);
          clock.heard(date, ms(sent), ms(sent + there + back));
        }
        const span = clock.instantOf(Math.floor(when / 1000 + ahead));
        if (span === null) throw new Error("it has heard something");
        // A double holds an epoch second to a quarter of a microsecond.
        expect(inMs(sinceOrigin(span.earliest))).toBeLessThanOrEqual(when + 0.01);
        expect(inMs(sinceOrigin(span.latest))).toBeGreaterThanOrEqual(when - 0.01);
      }),
      { seed: SEED },
    );
  });

  test("knows a stamp's instant to little more than the stamp's own second after a minute of replies", () => {
    const clock = new ServerClock();
    for (let sent = 0; sent < 60_000; sent += 1017) {
      clock.heard(1000 + Math.floor((sent + 5) / 1000), ms(sent), ms(sent + 10));
    }
    const span = clock.instantOf(1030);
    expect(inMs(sinceOrigin(span?.earliest ?? at(seconds(0))))).toBeGreaterThan(29_950);
    expect(inMs(sinceOrigin(span?.latest ?? at(seconds(0))))).toBeLessThan(31_050);
  });

  test("forgets what it knew when somebody sets the clock", () => {
    const clock = new ServerClock();
    clock.heard(1000, ms(0), ms(10));
    clock.heard(5001, ms(1000), ms(1010));
    expect(inMs(sinceOrigin(clock.instantOf(5001)?.latest ?? ms(0)))).toBeCloseTo(2010, 3);
  });
});

describe("the age of a lock", () => {
  test("is bounded by the two looks between which the stamp changed, and unknown at the first look", () => {
    const first = lookAt(0, 100);
    const atFirst = noteRenewals(new Map(), null, first);
    expect(atFirst.get("lrm:pv8")?.written).toBeNull();
    const second = lookAt(1000, 100);
    const third = lookAt(2000, 110, "b");
    const noted = noteRenewals(noteRenewals(atFirst, first, second), second, third);
    expect(noted.get("lrm:pv8")).toEqual({
      stamp: 110,
      written: { earliest: ms(1000), latest: ms(2020) },
      before: second.manager,
    });
    const written = noted.get("lrm:pv8")?.written ?? null;
    if (written === null) throw new Error("it was seen to change");
    const lag = writeLag("pv8", second.manager, third.manager);
    const age = ageAt(renewedAt(written, lag), { earliest: ms(5000), latest: ms(5020) });
    expect([inMs(age.low), inMs(age.high)]).toEqual([3980, 5120]);
  });

  test("takes stamp and looks together, and its own clock where they contradict each other", () => {
    const seen = { earliest: ms(1000), latest: ms(2020) };
    expect(writtenAt({ earliest: ms(1500), latest: ms(2600) }, seen)).toEqual({
      earliest: ms(1500),
      latest: ms(2020),
    });
    expect(writtenAt({ earliest: ms(9000), latest: ms(9900) }, seen)).toEqual(seen);
    expect(writtenAt({ earliest: ms(9000), latest: ms(9900) }, null)).toEqual({
      earliest: ms(9000),
      latest: ms(9900),
    });
    expect(writtenAt(null, null)).toBeNull();
  });

  test("always holds the truth for any phase of LRM, looks and clocks, whatever its rounds had to do", () => {
    const round = fc.oneof(
      fc.record({ works: fc.constant(true), lag: fc.integer({ min: 1000, max: 1100 }) }),
      fc.record({ works: fc.constant(false), lag: fc.integer({ min: 0, max: 100 }) }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9999 }),
        fc.array(round, { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 40_000, max: 50_000 }),
        (phase, drawn, looksPhase, killed) => {
          // Rounds of 10.038 s; each writes its stamp so much after the renewal.
          const rounds = drawn.map(({ lag }, index) => ({
            renewed: phase + index * 10_038,
            written: phase + index * 10_038 + lag,
            uid: drawn.slice(0, index + 1).filter(({ works }) => works).length,
          }));
          const latest = (when: number) =>
            rounds.findLast(({ written }) => written <= when) ?? { renewed: 0, written: 0, uid: 0 };
          const lookOf = (when: number): Look => {
            const { written, uid } = latest(when);
            return lookAt(when, Math.floor(written / 1000), String(uid));
          };
          let previous = lookOf(0);
          let known = noteRenewals(new Map(), null, previous);
          for (let when = looksPhase + 1; when < killed; when += 1000) {
            const current = lookOf(when);
            known = noteRenewals(known, previous, current);
            previous = current;
          }
          const noted = known.get("lrm:pv8");
          if (noted === undefined || noted.written === null) return;
          const { renewed } = latest(inMs(sinceOrigin(previous.during.earliest)));
          const lag = writeLag("pv8", noted.before, previous.manager);
          const age = ageAt(renewedAt(noted.written, lag), {
            earliest: ms(killed),
            latest: ms(killed),
          });
          expect(inMs(age.low)).toBeLessThanOrEqual(killed - renewed);
          expect(inMs(age.high)).toBeGreaterThanOrEqual(killed - renewed);
          expect(inMs(age.high) - inMs(age.low)).toBeLessThanOrEqual(1000 + 20 + 100);
        },
      ),
      { seed: SEED },
    );
  });
});
