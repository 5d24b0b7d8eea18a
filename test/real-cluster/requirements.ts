import { existsSync, readFileSync } from "node:fs";
import { findBinaries } from "./binaries.ts";
import { hasControllers } from "./control-groups.ts";

/** Each program that a real cluster needs, with the Debian package that has it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "/usr/bin/etcd": "etcd-server",
  "/usr/bin/containerd": "containerd",
  "/usr/bin/ctr": "containerd",
  "/usr/sbin/runc": "runc",
  "/usr/lib/cni/ptp": "containernetworking-plugins",
  "/usr/sbin/ip": "iproute2",
  "/usr/sbin/iptables": "iptables",
  "/usr/sbin/conntrack": "conntrack",
  "/usr/sbin/ethtool": "ethtool",
  "/usr/bin/socat": "socat",
  "/usr/bin/setpriv": "util-linux",
  "/usr/sbin/sshd": "openssh-server",
  "/usr/bin/ssh-keygen": "openssh-client",
  "/usr/bin/ipmi_sim": "openipmi",
  "/usr/bin/ipmitool": "ipmitool",
  "/usr/bin/busybox": "busybox-static",
  "/usr/bin/Xtigervnc": "tigervnc-standalone-server",
  "/usr/bin/xkbcomp": "x11-xkb-utils",
  "/usr/bin/xterm": "xterm",
  "/usr/bin/websockify": "websockify",
  "/usr/share/novnc/vnc.html": "novnc",
};

/** Why no real cluster can be had on this machine, in one sentence; null when it can. */
export function whyNoRealCluster(): string | null {
  if (process.platform !== "linux" || process.arch !== "x64")
    return "a real cluster needs linux/amd64";
  if (process.getuid?.() !== 0) return "a real cluster needs root";
  const missing = Object.keys(PROGRAMS).filter((file) => !existsSync(file));
  if (missing.length > 0) {
    const packages = new Set(missing.map((file) => PROGRAMS[file]));
    return `a real cluster needs ${missing.join(", ")}; apt-get install ${[...packages].join(" ")}`;
  }
  if (!readFileSync("/proc/filesystems", "utf8").includes("\toverlay\n")) {
    return "a real cluster needs overlayfs in the kernel";
  }
  if (!hasControllers()) {
    return "a real cluster needs control groups of version 1 (boot with systemd.unified_cgroup_hierarchy=0)";
  }
  if (!canMakeNamespaces()) return "a real cluster needs CAP_SYS_ADMIN and CAP_NET_ADMIN";
  if (findBinaries() === null) {
    return "a real cluster needs Kubernetes' programs; run test/real-cluster/build-kubernetes.sh, or name their folder in BLACKOUT_KUBE_BIN";
  }
  return null;
}

/** Root in a container lacks them. Bits 21 and 12 of the effective set. */
function canMakeNamespaces(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/mu.exec(
    readFileSync("/proc/self/status", "utf8"),
  )?.[1];
  const capabilities = BigInt(`0x${effective ?? "0"}`);
  return [21n, 12n].every((bit) => ((capabilities >> bit) & 1n) === 1n);
}
