import type { ReferenceHypotheses } from "../../src/model/hypothesis.ts";

export const fakeHypotheses: readonly ReferenceHypotheses[] = [
  {
    title: "Thesis, Proxmox VE",
    source: "data/thesis-failover.csv",
    ranked: [
      {
        name: "seen on PVE's console, target's LRM idle",
        less_likely: 1,
        ecdf_distance: 0.24,
        median_ms: 133_600,
        constant_ms: 400,
        modes: [
          { name: "in time", share: 0.5, median_ms: 133_600, values: 8 },
          { name: "late by one round", share: 0.2, median_ms: 143_600, values: 2 },
        ],
      },
      {
        name: "seen through the guest, target's LRM active",
        less_likely: 6.25,
        ecdf_distance: 0.4,
        median_ms: 134_000,
        constant_ms: 5000,
        modes: [{ name: "in time", share: 1, median_ms: 134_000, values: 10 }],
      },
    ],
    text: ["Most consistent with the 10 values: PVE's console.", "What changes it: the moment."],
    assumed: ["3 nodes", "a value is known to ± 1 s"],
  },
];
