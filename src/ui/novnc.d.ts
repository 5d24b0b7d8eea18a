/** Its types are of the version before, which had its modules elsewhere. */
declare module "@novnc/novnc" {
  export { default } from "@novnc/novnc/lib/rfb";
}

declare module "@novnc/novnc/core/util/logging.js" {
  export function initLogging(level: "debug" | "info" | "warn" | "error" | "none"): void;
}
