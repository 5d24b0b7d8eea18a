import { describe, expect, test } from "vitest";
import { addressIn } from "../../../src/clusters/proxmox/guest-endpoint.ts";
import { InstanceNames } from "../../../src/clusters/proxmox/instance-names.ts";
import { bearsMark, descriptionFor } from "../../../src/clusters/proxmox/mark.ts";
import { whatTiesItToItsNode } from "../../../src/clusters/proxmox/movable.ts";
import { fittingNodes } from "../../../src/clusters/proxmox/placement.ts";
import { nameFor } from "../../../src/clusters/proxmox/prepare.ts";
import type { NodeHealth } from "../../../src/model/cluster-facts.ts";

const address = (ip: string, type = "ipv4") => ({
  "ip-address": ip,
  "ip-address-type": type,
});

const node = (name: string, changed: Partial<NodeHealth> = {}): NodeHealth => ({
  name,
  online: true,
  maintenance: false,
  votes: 1,
  schedulable: true,
  master: false,
  workloads: [],
  budgets: [],
  machine: { boot_id: null, machine_id: null, addresses: [] },
  ...changed,
});

describe("nameFor", () => {
  test.each([
    ["pve-1", "blackout-pve-1"],
    ["Proxmox_guest #01!", "blackout-proxmox-guest-01"],
    ["x".repeat(80), `blackout-${"x".repeat(54)}`],
  ])("makes a DNS name of %s", (trial, name) => {
    expect(nameFor(trial)).toBe(name);
  });
});

describe("InstanceNames", () => {
  test("gives one process one name although its computed start jitters, and another start another", () => {
    const names = new InstanceNames();
    const first = names.nameOf("pv8", 374, 1000);
    expect(names.nameOf("pv8", 374, 1002)).toBe(first);
    expect(names.nameOf("pv9", 374, 1000)).not.toBe(first);
    expect(names.nameOf("pv8", 374, 1300)).not.toBe(first);
  });
});

describe("bearsMark", () => {
  test("knows its own mark and no longer one that begins alike", () => {
    const description = descriptionFor({ mark: "r1-t1" });
    expect(bearsMark({ description }, "r1-t1")).toBe(true);
    expect(bearsMark({ description: `${descriptionFor({ mark: "r1-t12" })}\n` }, "r1-t1")).toBe(
      false,
    );
    expect(bearsMark({}, "r1-t1")).toBe(false);
  });
});

describe("whatTiesItToItsNode", () => {
  const shared = new Set(["ceph"]);

  test("lets a VM on shared storage go anywhere, with an empty drive or none", () => {
    const config = {
      scsi0: "ceph:vm-100-disk-0,size=8G",
      ide2: "none,media=cdrom",
      net0: "virtio",
    };
    expect(whatTiesItToItsNode(config, shared)).toEqual([]);
  });

  test("names local disks, the local cloud-init volume and the host's devices", () => {
    expect(
      whatTiesItToItsNode(
        {
          scsi0: "local-lvm:vm-100-disk-0,size=8G",
          ide2: "local:100/vm-100-cloudinit.qcow2,media=cdrom",
          hostpci0: "0000:01:00.0",
          usb0: "host=046d:c52b",
          usb1: "spice",
          hostpci1: "mapping=gpu",
          scsi1: "/dev/disk/by-id/x",
        },
        shared,
      ),
    ).toEqual([
      "scsi0 is on local storage local-lvm",
      "ide2 is on local storage local",
      "hostpci0 is a device of the host",
      "usb0 is a device of the host",
      "scsi1 is /dev/disk/by-id/x",
    ]);
  });
});

describe("addressIn", () => {
  test("takes the first IPv4 address that is not the loopback interface's or link-local", () => {
    const interfaces = [
      { name: "lo", "ip-addresses": [address("127.0.0.1")] },
      { name: "eth0", "ip-addresses": [address("fe80::1", "ipv6"), address("127.0.3.9")] },
    ];
    expect(addressIn(interfaces)).toBe("127.0.3.9");
    expect(addressIn(interfaces.slice(0, 1))).toBeNull();
    expect(addressIn([{ name: "eth0", "ip-addresses": [address("2001:db8::1", "ipv6")] }])).toBe(
      "2001:db8::1",
    );
  });
});

describe("fittingNodes", () => {
  const nodes = [node("c"), node("b", { schedulable: false }), node("a", { master: true })];

  test.each([
    [{ kind: "any" }, ["a", "c"]],
    [{ kind: "crm-master" }, ["a"]],
    [{ kind: "not-crm-master" }, ["c"]],
    [{ kind: "node", node: "c" }, ["c"]],
  ] as const)("for %j are %j", (placement, expected) => {
    expect(fittingNodes(placement, nodes)).toEqual(expected);
  });

  test("says what there is when none fits", () => {
    expect(() => fittingNodes({ kind: "node", node: "b" }, nodes)).toThrow(
      "wanted is node b, there are c (online), b (online, not schedulable), a (online, CRM master)",
    );
    expect(() => fittingNodes({ kind: "not-crm-master" }, [node("x")])).toThrow("no node fits");
  });
});
