import type { Layer } from "../model/experiment.ts";
import { layers } from "../model/experiment.ts";

/** Whether an attempt of that depth gets to `layer`. */
export const gets = (depth: Layer, layer: Layer): boolean =>
  layers.indexOf(depth) >= layers.indexOf(layer);
