import { describe, expect, it } from "vitest";
import { bestWayIn, novnc } from "../../../src/clusters/kubernetes/endpoint.ts";
import {
  deploymentFor,
  ingressFor,
  serviceFor,
} from "../../../src/clusters/kubernetes/manifests.ts";
import type { KubernetesHandle } from "../../../src/clusters/kubernetes/naming.ts";
import { MARK, nameOf } from "../../../src/clusters/kubernetes/naming.ts";
import { createDesktop } from "../../../src/twin/kubernetes/desktop.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { stage } from "../../twin/kubernetes/failover.ts";
import { node } from "./facts.ts";
import { desktop } from "./lab-scene.ts";

const handle: KubernetesHandle = {
  kind: "kubernetes",
  namespace: "ns",
  name: nameOf("2026-01-01T00:00:00Z a run/trial 1"),
  mark: "2026-01-01T00:00:00Z a run/trial 1",
  reach: "ingress",
  owns_namespace: false,
};

describe("the desktop's objects", () => {
  it("bear the mark in full and a name that is valid everywhere", () => {
    expect(handle.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/u);
    expect(nameOf("other")).not.toBe(handle.name);
    for (const each of [
      deploymentFor(handle, desktop, { kind: "any" }),
      serviceFor(handle, desktop),
      ingressFor(handle, desktop, null),
    ]) {
      expect(each.metadata?.annotations).toEqual({ [MARK]: handle.mark });
      expect(each.metadata?.name).toBe(handle.name);
    }
  });

  it("tolerate a lost node for as long as asked for, or as the cluster says", () => {
    const tolerations = deploymentFor(handle, desktop, { kind: "any" }).spec?.template.spec
      ?.tolerations;
    expect(tolerations?.map(({ tolerationSeconds }) => tolerationSeconds)).toEqual([1, 1]);
    const none = deploymentFor(handle, { ...desktop, toleration_s: null }, { kind: "any" });
    expect(none.spec?.template.spec?.tolerations).toEqual([]);
  });

  it("prefer a named node without demanding it, so that the replacement can start elsewhere", () => {
    const spec = deploymentFor(handle, desktop, { kind: "node", node: "w2" }).spec?.template.spec;
    expect(spec?.nodeSelector).toBeUndefined();
    expect(JSON.stringify(spec?.affinity)).toContain('"values":["w2"]');
    for (const kind of ["any", "crm-master", "not-crm-master"] as const) {
      expect(
        deploymentFor(handle, desktop, { kind }).spec?.template.spec?.affinity,
      ).toBeUndefined();
    }
  });

  it("are probed as often as the twin's desktop, by which failovers are predicted", () => {
    const { twin } = stage(1, defaultKubernetesSettings);
    createDesktop(twin, { namespace: "desk", name: "probe", tolerationSeconds: 1 });
    const predicted = twin.store.deployments.get("desk", "probe")?.spec.template.spec.containers[0];
    const deployed = deploymentFor(handle, desktop, { kind: "any" }).spec?.template.spec;
    const period = deployed?.containers[0]?.readinessProbe?.periodSeconds;
    expect(period).toBe(1);
    expect(predicted?.readinessProbe).toMatchObject({ periodSeconds: period });
  });

  it("open a node port only when the desktop is reached by one", () => {
    expect(serviceFor(handle, desktop).spec?.type).toBe("ClusterIP");
    expect(serviceFor({ ...handle, reach: "node-port" }, desktop).spec?.type).toBe("NodePort");
  });
});

describe("the way in", () => {
  it("leads through a ready worker that is neither the victim nor the desktop's home", () => {
    const nodes = [node("cp1", { controlPlane: true }), node("w1"), node("w2"), node("w3")];
    expect(bestWayIn(nodes, "w1", "w1")?.name).toBe("w2");
    expect(bestWayIn(nodes, null, "w1")?.name).toBe("w2");
    expect(bestWayIn([node("w1"), node("w2", { ready: "Unknown" })], null, "w1")?.name).toBe("w1");
    expect(bestWayIn([node("w1")], "w1", "w1")).toBeNull();
  });

  it("puts page and WebSocket below the base, secure where the base is", () => {
    expect(novnc("https://h:1/a/", { ...desktop, page: "/vnc.html" }, "x.example")).toMatchObject({
      page_url: "https://h:1/a/vnc.html",
      websocket_url: "wss://h:1/a/websockify",
      host_header: "x.example",
    });
  });
});
