import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

const shared = {
  environment: "node",
  globalSetup: ["test/support/build.ts"],
  testTimeout: 20_000,
  hookTimeout: 60_000,
} as const;

/** They start the built program and labs, and wait for most of the time: two at once leave a core's worth to measure with. */
const onLabs = ["test/lab-study/**/*.test.ts", "test/cli/{check,guards,quickstart}.test.ts"];
/** What a browser shows, and a report of a thousand trials: no cluster is needed for them. */
const inBrowsers = ["test/{browser,scale}/**/*.real.test.ts"];
const otherTiers = "test/**/*.{full,real,cluster}.test.ts";

/**
 * Three tiers: `*.test.ts` for everybody, `*.full.test.ts` nightly, `*.real.test.ts` with root and Debian packages; of
 * the last, `*.cluster.test.ts` share a real Kubernetes cluster, and those in `browser` and `scale` are a command of their own.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    coverage: { provider: "v8", include: ["src/**"] },
    projects: [
      {
        test: {
          ...shared,
          name: "fast",
          // Files share what they import: a third of the time went into loading it anew for each.
          isolate: false,
          // Vitest would leave one core idle, which on two cores is half of them.
          maxWorkers: "100%",
          include: ["test/**/*.test.ts"],
          exclude: [otherTiers, ...onLabs, "node_modules"],
        },
      },
      {
        test: {
          ...shared,
          name: "lab",
          include: onLabs,
          exclude: [otherTiers, "node_modules"],
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...shared,
          name: "full",
          include: ["test/**/*.full.test.ts"],
          testTimeout: 1_800_000,
        },
      },
      {
        test: {
          ...shared,
          name: "real",
          include: ["test/**/*.real.test.ts"],
          exclude: [...inBrowsers, "node_modules"],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: "browser",
          include: inBrowsers,
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: "cluster",
          include: ["test/real-cluster/**/*.cluster.test.ts"],
          globalSetup: [...shared.globalSetup, "test/real-cluster/global-setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          // As many as clusters are started for them.
          maxWorkers: 4,
        },
      },
    ],
  },
});
