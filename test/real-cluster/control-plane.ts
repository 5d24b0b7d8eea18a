import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ApiClient } from "./api-client.ts";
import type { Credentials } from "./credentials.ts";
import type { Layout } from "./layout.ts";
import { API_PORT, apiUrl } from "./layout.ts";
import { Daemon, until } from "./run.ts";
import type { Switch } from "./switch.ts";

const CONTROLLER_MANAGER_PORT = 10252;

/** Of kube-controller-manager; milliseconds. The defaults are Kubernetes 1.20's own. */
export interface NodeTimings {
  readonly node_monitor_period_ms: number;
  readonly node_monitor_grace_ms: number;
}

export const DEFAULT_TIMINGS: NodeTimings = {
  node_monitor_period_ms: 5000,
  node_monitor_grace_ms: 40_000,
};

export interface Site {
  readonly layout: Layout;
  readonly credentials: Credentials;
  readonly lan: Switch;
  /** Holds kube-apiserver and the others. */
  readonly binaries: string;
}

/** etcd, the first API server, controller-manager and scheduler, on no worker: they outlive every fault. */
export class ControlPlane {
  readonly #site: Site;
  readonly #daemons = new Map<string, Daemon>();
  #stopped = false;
  readonly api: ApiClient;

  constructor(site: Site) {
    this.#site = site;
    this.api = new ApiClient(apiUrl(site.layout.controlAddress), site.credentials);
  }

  async start(timings: NodeTimings): Promise<void> {
    const { layout, credentials, binaries } = this.#site;
    await mkdir(join(layout.folder, "etcd"), { mode: 0o700, recursive: true });
    this.#start("etcd", ["etcd", ...etcdFlags(layout, credentials)]);
    this.#start("kube-apiserver", [
      join(binaries, "kube-apiserver"),
      ...apiServerFlags(layout.controlAddress, layout, credentials.folder),
    ]);
    await until("the API server is ready", 60_000, async () => {
      this.#assertAlive();
      return (await this.api.text("/readyz")) === "ok" ? true : null;
    });
    this.#start("kube-scheduler", [
      join(binaries, "kube-scheduler"),
      `--kubeconfig=${this.#kubeconfig("scheduler")}`,
      "--leader-elect=false",
      "--port=0",
    ]);
    await this.restartControllerManager(timings);
  }

  /**
   * Ends it if it runs, and starts it with those timings. Resolves when it is healthy. A new one's taint queue is empty:
   * nodes that are lost, or join, within ten seconds of one another may leave entries in it that keep every later lost
   * node from its NoExecute taint, so that nothing is evicted (kubernetes/kubernetes#96876; mended in 1.21 and later patches of 1.18 to 1.20).
   */
  async restartControllerManager(timings: NodeTimings): Promise<void> {
    const { layout, credentials, binaries } = this.#site;
    const name = "kube-controller-manager";
    await this.#daemons.get(name)?.kill();
    const kubeconfig = this.#kubeconfig("controller-manager");
    this.#start(name, [
      join(binaries, name),
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${credentials.serviceAccountKey}`,
      `--root-ca-file=${credentials.ca}`,
      "--use-service-account-credentials",
      "--leader-elect=false",
      `--node-monitor-period=${timings.node_monitor_period_ms}ms`,
      `--node-monitor-grace-period=${timings.node_monitor_grace_ms}ms`,
      `--address=${layout.controlAddress}`,
      `--port=${CONTROLLER_MANAGER_PORT}`,
      "--secure-port=0",
      // Tells when it takes a node for lost and when it taints it.
      "--vmodule=node_lifecycle_controller=4",
    ]);
    const health = `http://${layout.controlAddress}:${CONTROLLER_MANAGER_PORT}/healthz`;
    await until("the controller-manager is healthy", 30_000, async () => {
      this.#assertAlive();
      return (await fetch(health, { signal: AbortSignal.timeout(2000) })).ok ? true : null;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.api.close();
    await Promise.all([...this.#daemons.values()].map(async (daemon) => await daemon.kill()));
  }

  #start(name: string, command: readonly string[]): void {
    if (this.#stopped) throw new Error("the control plane was stopped");
    const { layout, lan } = this.#site;
    const logFile = join(layout.folder, `logs/${name}.log`);
    this.#daemons.set(
      name,
      new Daemon(name, lan.inside(command), { folder: layout.folder, logFile }),
    );
  }

  #kubeconfig(name: string): string {
    const file = this.#site.credentials.kubeconfigs.get(name);
    if (file === undefined) throw new Error(`no kubeconfig for ${name}`);
    return file;
  }

  #assertAlive(): void {
    for (const { name, running } of this.#daemons.values()) {
      if (!running) throw new Error(`${name} has ended; see logs/${name}.log`);
    }
  }
}

const ETCD_PORT = 2379;

function etcdFlags(layout: Layout, { server, ca }: Credentials): readonly string[] {
  const url = `https://${layout.controlAddress}:${ETCD_PORT}`;
  const peer = "http://127.0.0.1:2380";
  return [
    "--name=real",
    `--data-dir=${join(layout.folder, "etcd")}`,
    // It lives for one test run.
    "--unsafe-no-fsync",
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=real=${peer}`,
    `--cert-file=${server.certificate}`,
    `--key-file=${server.key}`,
    "--client-cert-auth",
    // It would log in at etcd itself with a certificate that is for servers only.
    "--enable-grpc-gateway=false",
    `--trusted-ca-file=${ca}`,
  ];
}

/** The same for the server beside etcd and the one on a worker, which has its keys in another folder. */
export function apiServerFlags(address: string, layout: Layout, keys: string): readonly string[] {
  return [
    `--etcd-servers=https://${layout.controlAddress}:${ETCD_PORT}`,
    `--etcd-cafile=${keys}/ca.crt`,
    `--etcd-certfile=${keys}/admin.crt`,
    `--etcd-keyfile=${keys}/admin.key`,
    `--advertise-address=${address}`,
    `--bind-address=${address}`,
    `--secure-port=${API_PORT}`,
    "--insecure-port=0",
    `--tls-cert-file=${keys}/server.crt`,
    `--tls-private-key-file=${keys}/server.key`,
    `--client-ca-file=${keys}/ca.crt`,
    `--kubelet-client-certificate=${keys}/admin.crt`,
    `--kubelet-client-key=${keys}/admin.key`,
    "--kubelet-preferred-address-types=InternalIP",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${keys}/service-account.key`,
    `--service-account-key-file=${keys}/service-account.key`,
  ];
}
