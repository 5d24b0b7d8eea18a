import { describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import { codeOfLeft } from "../../src/cli/commands/restore.ts";
import { expectedIdentities } from "../../src/cli/restore/restore-world.ts";
import type { ClusterIdentity } from "../../src/model/cluster-facts.ts";
import type { Cluster } from "../../src/model/inventory.ts";
import { rightCluster } from "../../src/study/restore/right-cluster.ts";
import { aCluster } from "../faults/a-cluster.ts";
import { FakeStudy } from "../support/fake-study.ts";

const never = new AbortController().signal;
const seen = { kind: "proxmox", name: "office", fingerprint: "AA:BB", version: "9" } as const;
const pinning = (name: string | null, ca_fingerprint: string | null): Cluster => ({
  ...aCluster([]),
  identity: { name, ca_fingerprint },
});

/** What says no on a cluster that is `is`; null: it is the right one. */
async function refusal(
  cluster: Cluster,
  saw: ClusterIdentity | undefined,
  is: ClusterIdentity,
): Promise<string | null> {
  const study = new FakeStudy();
  study.driver.identify = async () => await Promise.resolve(is);
  const { driver } = study.parts().cluster;
  const identities = expectedIdentities(cluster, saw, "other.yaml");
  const reach = {
    clock: study.clock,
    cluster: async () => await Promise.resolve({ driver, identities }),
    tell: () => undefined,
  };
  return await rightCluster("pve", reach, never).then(
    () => null,
    (error: unknown) => (error instanceof OperatingError ? error.message : String(error)),
  );
}

describe("the cluster that is restored", () => {
  const lab = { ...seen, name: "lab", fingerprint: "CC" };

  it("is refused where another inventory pins another cluster than the run saw, however well it fits", async () => {
    expect(await refusal(pinning("lab", "CC"), seen, lab)).toMatch(
      /cluster lab with CC, not cluster office with AA:BB, as the run saw it: .* restore --cluster pve/u,
    );
  });

  it("is refused where it is what the run saw, and not what the inventory pins", async () => {
    expect(await refusal(pinning("lab", null), seen, seen)).toMatch(/as other.yaml pins it/u);
  });

  it("is right where both hold, or where nobody says who it is", async () => {
    expect(await refusal(pinning("office", "aabb"), seen, seen)).toBeNull();
    expect(await refusal(pinning(null, null), undefined, lab)).toBeNull();
  });

  it("needs only the name of one whose host the run did not verify", async () => {
    const unverified = { ...seen, fingerprint: "not verified (api.tls is insecure)" };
    expect(await refusal(pinning(null, null), unverified, seen)).toBeNull();
    expect(await refusal(pinning(null, null), unverified, lab)).toMatch(/as the run saw it/u);
  });
});

describe("the exit code of a restore", () => {
  const left = { what: "a", why: "b", byHand: "c" };
  it("is 4 where it was refused, and 5 where anything was tried and is left", () => {
    expect(codeOfLeft([{ ...left, refused: true }])).toBe(4);
    expect(
      codeOfLeft([
        { ...left, refused: true },
        { ...left, refused: false },
      ]),
    ).toBe(5);
  });
});
