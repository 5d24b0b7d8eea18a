import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | null = null;

/** Collects garbage now, while nothing is measured, rather than when V8 sees fit, in the middle of an attempt. */
export function collectGarbage(): void {
  if (collect === null) {
    setFlagsFromString("--expose-gc");
    const gc: unknown = runInNewContext("gc");
    collect =
      typeof gc === "function" ? () => void Reflect.apply(gc, undefined, []) : () => undefined;
  }
  collect();
}
