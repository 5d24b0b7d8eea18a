import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import type { MaintenanceWindow } from "../../../src/model/safety.ts";
import { weekdays } from "../../../src/model/safety.ts";
import { openingAt } from "../../../src/study/guards/windows.ts";

/** Zurich put its clocks forward on Sunday 29 March 2026 at 02:00, and puts them back on Sunday 25 October at 03:00. */
const window = (changes: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  days: weekdays,
  from: "22:00",
  to: "04:00",
  zone: "Europe/Zurich",
  ...changes,
});

/** `open`, or when the next window opens, in its own zone. */
function at(iso: string, ...windows: readonly MaintenanceWindow[]): string {
  const opening = openingAt(windows, DateTime.fromISO(iso, { setZone: true }));
  if (opening.open) return "open";
  return opening.next?.toISO({ suppressSeconds: true, suppressMilliseconds: true }) ?? "never";
}

describe("openingAt", () => {
  it("opens at its first minute and closes at its last", () => {
    const morning = window({ from: "08:00", to: "09:30", zone: "UTC" });
    expect(at("2026-06-01T07:59:59.999Z", morning)).toBe("2026-06-01T08:00Z");
    expect(at("2026-06-01T08:00:00Z", morning)).toBe("open");
    expect(at("2026-06-01T09:29:59.999Z", morning)).toBe("open");
    expect(at("2026-06-01T09:30:00Z", morning)).toBe("2026-06-02T08:00Z");
  });

  it("reaches over midnight into a day on which it does not open", () => {
    const weekend = window({ days: ["fri"] });
    expect(at("2026-06-05T21:59:00+02:00", weekend)).toBe("2026-06-05T22:00+02:00");
    expect(at("2026-06-05T23:00:00+02:00", weekend)).toBe("open");
    expect(at("2026-06-06T03:59:00+02:00", weekend)).toBe("open");
    expect(at("2026-06-06T04:00:00+02:00", weekend)).toBe("2026-06-12T22:00+02:00");
    expect(at("2026-06-06T23:00:00+02:00", weekend)).toBe("2026-06-12T22:00+02:00");
  });

  it("is the clock of its zone, whatever that of the machine", () => {
    expect(at("2026-01-10T20:30:00Z", window())).toBe("2026-01-10T22:00+01:00");
    expect(at("2026-01-10T21:00:00Z", window())).toBe("open");
    expect(at("2026-01-10T16:30:00-05:00", window())).toBe("open");
  });

  it("takes a whole day from 00:00 to 24:00", () => {
    const sunday = window({ days: ["sun"], from: "00:00", to: "24:00" });
    expect(at("2026-06-06T23:59:00+02:00", sunday)).toBe("2026-06-07T00:00+02:00");
    expect(at("2026-06-07T23:59:59+02:00", sunday)).toBe("open");
    expect(at("2026-06-08T00:00:00+02:00", sunday)).toBe("2026-06-14T00:00+02:00");
  });

  it("is open in any of several, and names the earliest to come", () => {
    const tuesday = window({ days: ["tue"] });
    const noon = window({ days: ["thu"], from: "12:00", to: "13:00", zone: "UTC" });
    expect(at("2026-06-03T12:00:00Z", tuesday, noon)).toBe("2026-06-04T12:00Z");
    expect(at("2026-06-04T12:30:00Z", tuesday, noon)).toBe("open");
  });

  it("is an hour shorter, or an hour longer, in the night in which the clocks change", () => {
    expect(at("2026-03-28T21:00:00Z", window())).toBe("open");
    expect(at("2026-03-29T01:59:59Z", window())).toBe("open");
    expect(at("2026-03-29T02:00:00Z", window())).toBe("2026-03-29T22:00+02:00");
    expect(at("2026-10-25T02:59:59Z", window())).toBe("open");
    expect(at("2026-10-25T03:00:00Z", window())).toBe("2026-10-25T22:00+01:00");
  });

  it("opens when the clocks have been put forward, if its time is in the hour that is left out", () => {
    const late = window({ from: "02:30" });
    expect(at("2026-03-29T00:59:59Z", late)).toBe("2026-03-29T03:00+02:00");
    expect(at("2026-03-29T01:00:00Z", late)).toBe("open");
    const ending = window({ from: "01:00", to: "02:30" });
    expect(at("2026-03-29T00:59:59Z", ending)).toBe("open");
    expect(at("2026-03-29T01:00:00Z", ending)).toBe("2026-03-30T01:00+02:00");
  });

  it("never opens in an hour that is left out whole, and says when it does the week after", () => {
    const lost = window({ days: ["sun"], from: "02:00", to: "02:45" });
    expect(at("2026-03-29T00:30:00Z", lost)).toBe("2026-04-05T02:00+02:00");
    expect(at("2026-03-29T01:15:00Z", lost)).toBe("2026-04-05T02:00+02:00");
  });

  it("takes the first of two times that the clock shows twice", () => {
    const ending = window({ from: "01:00", to: "02:30" });
    expect(at("2026-10-25T00:29:59Z", ending)).toBe("open");
    expect(at("2026-10-25T00:30:00Z", ending)).toBe("2026-10-26T01:00+01:00");
    expect(at("2026-10-25T01:15:00Z", ending)).toBe("2026-10-26T01:00+01:00");
    const opening = window({ from: "02:30" });
    expect(at("2026-10-25T00:00:00Z", opening)).toBe("2026-10-25T02:30+02:00");
    expect(at("2026-10-25T01:15:00Z", opening)).toBe("open");
  });

  it("knows clocks that change by half an hour, and at midnight", () => {
    const island = window({ from: "02:15", to: "05:00", zone: "Australia/Lord_Howe" });
    expect(at("2026-10-03T15:00:00Z", island)).toBe("2026-10-04T02:30+11:00");
    const cairo = window({ days: ["fri"], from: "00:00", to: "03:00", zone: "Africa/Cairo" });
    expect(at("2026-04-23T20:00:00Z", cairo)).toBe("2026-04-24T01:00+03:00");
  });
});
