import { describe, expect, it } from "vitest";
import type { Premise } from "../../src/cli/what-if.ts";
import { changedBy, parseWhatIf } from "../../src/cli/what-if.ts";
import { defaultKubernetesSettings } from "../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../src/model/proxmox-settings.ts";
import { fakeExperiment } from "../support/fake-experiment.ts";
import { present } from "../../src/base/assert.ts";

const arms = fakeExperiment(1, 1).arms;
const armNamed = (name: string) =>
  present(
    arms.find((arm) => arm.name === name),
    name,
  );
const onProxmox: Premise = {
  arm: armNamed("proxmox-guest"),
  timing: { kind: "proxmox", settings: defaultProxmoxSettings },
};
const onKubernetes: Premise = {
  arm: armNamed("kubernetes"),
  timing: { kind: "kubernetes", settings: defaultKubernetesSettings },
};

describe("--set", () => {
  it("takes a number in the key's unit, or a duration with its own", () => {
    expect(parseWhatIf("token=10000").value).toBe(10_000);
    expect(parseWhatIf("token=10s").value).toBe(10_000);
    expect(parseWhatIf("tolerationSeconds=30").value).toBe(30);
    expect(parseWhatIf("tolerationSeconds=1m").value).toBe(60);
    expect(parseWhatIf("nodes=5").value).toBe(5);
  });

  it.each([
    ["tolerationSecond=30", 'did you mean "tolerationSeconds"?'],
    ["tokn=1", 'did you mean "token"?'],
    ["token", "must be key=value"],
    ["toString=1", '"toString" is no key'],
    ["token=fast", '"fast" is not a number of ms, or 30s'],
    ["nodes=2.5", '"2.5" is not a whole number'],
    ["nodes=2", "must be 3 to 32 nodes"],
    ["guestBoot=-3s", "is not a number of ms"],
    ["nodeMonitorPeriod=100ms", "must be 1000 to 3600000 ms"],
  ])("%s is refused", (text, message) => {
    expect(() => parseWhatIf(text)).toThrow(message);
  });

  it("changes what it names and nothing else", () => {
    const { arm, timing } = changedBy(
      [parseWhatIf("token=10000"), parseWhatIf("guestBoot=30s")],
      onProxmox,
    );
    expect(arm).toEqual(onProxmox.arm);
    expect(timing.settings).toEqual({
      ...defaultProxmoxSettings,
      token_ms: 10_000,
      assumed: { ...defaultProxmoxSettings.assumed, guest_boot_ms: 30_000 },
    });
    const pod = changedBy([parseWhatIf("tolerationSeconds=30")], onKubernetes);
    expect(pod.timing).toEqual(onKubernetes.timing);
    expect(pod.arm.desktop).toMatchObject({ toleration_s: 30 });
  });

  it("refuses a grace period in which healthy nodes are taken for lost", () => {
    const flapping = [parseWhatIf("nodeMonitorGracePeriod=12s")];
    expect(() => changedBy(flapping, onKubernetes)).toThrow("must be longer than 15000 ms");
    expect(() =>
      changedBy([...flapping, parseWhatIf("nodeMonitorPeriod=1s")], onKubernetes),
    ).not.toThrow();
    const before = changedBy([parseWhatIf("nodeMonitorGracePeriod=40s")], onKubernetes);
    const settings = { ...defaultKubernetesSettings, node_monitor_grace_ms: 12_000 };
    const taken = { ...before, timing: { kind: "kubernetes", settings } } as const;
    expect(() => changedBy([parseWhatIf("tolerationSeconds=5")], taken)).not.toThrow();
  });
});
