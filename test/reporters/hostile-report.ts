import type { RunReport } from "../../src/model/run-report.ts";
import { fakeReport, hostile } from "../support/fake-report.ts";

/** A report in which every text that comes from outside is hostile. What our own code chose from a list stays. */
export function hostileReport(): RunReport {
  const spoilt: RunReport = JSON.parse(JSON.stringify(fakeReport()), (key, value: unknown) =>
    typeof value === "string" && foreign.has(key) && !ours.has(value) ? value + hostile : value,
  );
  const arms = spoilt.arms.map((arm) => ({ ...arm, name: arm.name + hostile }));
  return { ...spoilt, arms, downgrades: [hostile], end: "failed" };
}

/** Keys of texts that a cluster, a guest or a user chooses. */
const foreign = new Set(
  (
    "title description why saw text arm cluster trial run tool victim node instance endpoint fault desktop placement " +
    "end_detail source fingerprint version value"
  ).split(" "),
);

/** Values of an outcome's `instance`, which our own code chooses. */
const ours = new Set(["new", "same", "unknown"]);
