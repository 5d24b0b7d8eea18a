import { z } from "zod";
import { listOf, readList } from "../../../clients/kubernetes/schema-parts.ts";
import { parse } from "../../../clients/shared/parse.ts";
import type { KubernetesCluster } from "../../../model/inventory.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok, problem } from "../../../model/survey.ts";
import { durationInWords } from "../../survey/duration-in-words.ts";

/** What of the control plane's flags decides how long a failover takes. Null: that component's pod is not visible. */
export interface ControlPlaneFlags {
  readonly monitor: {
    readonly node_monitor_period_ms: number;
    readonly node_monitor_grace_ms: number;
    readonly node_eviction_rate: number;
  } | null;
  readonly default_toleration_s: number | null;
}

const pod = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z
    .looseObject({
      containers: listOf(z.looseObject({ command: listOf(z.string()), args: listOf(z.string()) })),
    })
    .prefault({}),
});

type Flags = ReadonlyMap<string, string>;

/** From the pods of kube-system, among which are the static ones; `minor`: of Kubernetes 1.x, null where it is not known. */
export function readFlags(data: unknown, minor: number | null): ControlPlaneFlags {
  const pods = readList(data, (object) => parse(pod, object, "a Pod"));
  const flagsOf = (component: string): Flags | null => {
    const found = pods.find(({ metadata }) => metadata.name.startsWith(`${component}-`));
    const words = found?.spec.containers.flatMap(({ command, args }) => [...command, ...args]);
    return words === undefined || words.length === 0 ? null : flagsIn(words);
  };
  const manager = flagsOf("kube-controller-manager");
  const server = flagsOf("kube-apiserver");
  return {
    monitor: manager === null ? null : monitorOf(manager, minor),
    default_toleration_s:
      server === null ? null : Number(server.get("default-unreachable-toleration-seconds") ?? 300),
  };
}

/** Defaults: 5 s; 40 s, and 50 s since 1.32 (kubernetes #126287); 0.1 nodes a second. */
function monitorOf(flags: Flags, minor: number | null): ControlPlaneFlags["monitor"] {
  const grace = minor !== null && minor >= 32 ? 50_000 : 40_000;
  return {
    node_monitor_period_ms: durationMs(flags.get("node-monitor-period")) ?? 5000,
    node_monitor_grace_ms: durationMs(flags.get("node-monitor-grace-period")) ?? grace,
    node_eviction_rate: Number(flags.get("node-eviction-rate") ?? 0.1),
  };
}

/** `--name=value` and `--name value`. */
function flagsIn(words: readonly string[]): Flags {
  const flags = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const [, name = "", value] = /^--([a-z0-9-]+)(?:=(.*))?$/su.exec(word) ?? [];
    if (name !== "") flags.set(name, value ?? words[index + 1] ?? "");
  }
  return flags;
}

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** Go's way to write one: `40s`, `1m30s`, `1.5s`. Null where it is none. */
export function durationMs(text: string | undefined): number | null {
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/u.test(text)) return null;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/gu)].reduce((total, [, count, unit]) => {
    const known = unit === "h" || unit === "m" || unit === "s" ? UNIT_MS[unit] : UNIT_MS.ms;
    return total + Number(count) * known;
  }, 0);
}

/** The flags, by which predictions go, against those that the inventory states. */
export function judgeFlags(
  { name, controller_manager: told }: KubernetesCluster,
  { monitor, default_toleration_s: toleration }: ControlPlaneFlags,
): readonly Finding[] {
  const about = { topic: "settings", subject: name } as const;
  const tolerating = ok(about, `pods that say nothing tolerate a lost node for ${toleration} s`);
  const rest = toleration === null ? [] : [tolerating];
  if (monitor === null) {
    return [
      note(about, "no pod of kube-controller-manager is visible, so its flags cannot be known", {
        needs: "controller_manager in the inventory to be as its flags are",
      }),
      ...rest,
    ];
  }
  const period = durationInWords(monitor.node_monitor_period_ms);
  const grace = durationInWords(monitor.node_monitor_grace_ms);
  const saw = `kube-controller-manager has node-monitor-period ${period}, node-monitor-grace-period ${grace}`;
  const same =
    monitor.node_monitor_period_ms === told.node_monitor_period_ms &&
    monitor.node_monitor_grace_ms === told.node_monitor_grace_ms;
  if (same) return [ok(about, `${saw}, as the inventory says`), ...rest];
  const inventory = `${durationInWords(told.node_monitor_period_ms)} and ${durationInWords(told.node_monitor_grace_ms)}`;
  return [
    problem(about, `${saw}; the inventory says ${inventory}, which only counts offline`, {
      needs: "the same in the inventory",
      paste: { controller_manager: { node_monitor_period: period, node_monitor_grace: grace } },
    }),
    ...rest,
  ];
}
