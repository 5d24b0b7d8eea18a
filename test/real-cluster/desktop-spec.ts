import type { DesktopSpec } from "../../src/model/experiment.ts";
import { DESKTOP_IMAGE } from "./images/names.ts";

/** As the experiments deploy it, in a namespace of its own. */
export const desktopSpec = (namespace: string): DesktopSpec => ({
  kind: "kubernetes",
  namespace,
  image: DESKTOP_IMAGE,
  port: 6080,
  toleration_s: 1,
  page: "/vnc.html",
  websocket: "/websockify",
  vnc_password: null,
  reach: { kind: "node-port" },
});
