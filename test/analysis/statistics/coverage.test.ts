import { describe, expect, it } from "vitest";
import { drawsOf } from "../../../src/analysis/draws.ts";
import { coverageOf, likeKubernetes, likeProxmox } from "./coverage.ts";

const SEED = 5;

describe("the 95 % intervals, on hundreds of samples shaped like failovers", () => {
  it.each([
    ["Proxmox VE", likeProxmox, 7],
    ["Proxmox VE", likeProxmox, 10],
    ["Proxmox VE", likeProxmox, 13],
    ["Proxmox VE", likeProxmox, 20],
    ["Kubernetes", likeKubernetes, 7],
    ["Kubernetes", likeKubernetes, 10],
    ["Kubernetes", likeKubernetes, 13],
    ["Kubernetes", likeKubernetes, 20],
  ])("hold the truth of %s about 95 times in 100", (name, shape, n) => {
    const draw = drawsOf(SEED, `${name}/${n}`);
    const population = Array.from({ length: 20_000 }, () => shape(draw));
    const coverage = coverageOf(population, { n, samples: 1000, draw });
    for (const [interval, held] of Object.entries(coverage)) {
      // Beside 92 .. 98 % as far as so few samples of the bootstrap err.
      expect(held, `${interval}, seed ${SEED}`).toBeGreaterThan(0.86);
      expect(held, `${interval}, seed ${SEED}`).toBeLessThanOrEqual(1);
    }
  });
});
