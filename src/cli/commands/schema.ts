import { jsonText } from "../../base/json-text.ts";
import { OperatingError } from "../../base/errors.ts";
import {
  baselineJsonSchema,
  experimentJsonSchema,
  inventoryJsonSchema,
} from "../../config/json-schema.ts";
import { reportJsonSchema } from "../../reporters/report-schema.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { logJsonSchema } from "../live/log-schema.ts";
import type { Terminal } from "../terminal.ts";

export function schema(format: string, terminal: Terminal): ExitCode {
  const schemas: Readonly<Record<string, () => unknown>> = {
    experiment: experimentJsonSchema,
    inventory: inventoryJsonSchema,
    report: reportJsonSchema,
    baseline: baselineJsonSchema,
    log: logJsonSchema,
  };
  const make = schemas[format];
  if (make === undefined) {
    throw new OperatingError(
      "configuration",
      `there is no format "${format}"; it is one of ${Object.keys(schemas).join(", ")}`,
    );
  }
  terminal.out(jsonText(make()));
  return exitCode.pass;
}
