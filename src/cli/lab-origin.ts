import { randomBytes } from "node:crypto";
import { DateTime } from "luxon";
import type { LabOrigin } from "../model/lab.ts";

/** The identity and the clock of a lab that starts now. */
export const newLabOrigin = (speed: number): LabOrigin => ({
  instance: `lab-${randomBytes(4).toString("hex")}`,
  speed,
  origin_hrtime_ns: process.hrtime.bigint().toString(),
  origin_wall: DateTime.utc().toISO(),
});
