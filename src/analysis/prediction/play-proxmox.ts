import { present } from "../../base/assert.ts";
import type { RangeMs } from "../../base/interval.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { between, inMs, milliseconds, minutes, sum, zero } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import { EventQueue } from "../../twin/event-queue.ts";
import { createProxmoxTwin } from "../../twin/proxmox/create-proxmox-twin.ts";
import type { Standing } from "../../twin/proxmox/standing.ts";
import {
  ACTIVE_LRM_LOOP,
  ACTIVE_LRM_WRITES_AFTER,
  CRM_LOOP,
  CRM_WRITES_AFTER,
  IDLE_LRM_ROUND,
} from "../../twin/proxmox/standing.ts";
import { ageDrawn } from "./age-drawn.ts";
import type { Play } from "./played.ts";
import { masterMode, workerMode } from "./proxmox-mode.ts";
import { watchProxmox } from "./watch-proxmox.ts";

/** What is known of a failover before it. */
export interface ProxmoxQuestion {
  readonly settings: ProxmoxSettings;
  /** Whether the victim is the CRM master, which costs another lock (facts/proxmox-ve.md 1.4). */
  readonly master: boolean;
  /** Age of the victim's agent lock; null: any. */
  readonly lock_age_ms: RangeMs | null;
  /** Since the CRM master wrote its status; null: any. */
  readonly crm_age_ms: RangeMs | null;
  /** The other nodes' LRMs, in the order in which PVE prefers them; null: all are idle. */
  readonly lrms: readonly OtherLrm[] | null;
  /** From the moment of these ages to the kill. */
  readonly since_ms: number;
}

export interface OtherLrm {
  /** It has services, or had one less than ten minutes ago, as after an earlier trial: rounds of 10 s instead of 5. */
  readonly active: boolean;
  /** It hosts HA services. */
  readonly hosts: boolean;
  /** Its node was fenced and has had no service since: its old lock has to be deleted first. */
  readonly fenced_before: boolean;
  /** Since it wrote its status; null: any. */
  readonly age_ms: RangeMs | null;
}

export const anyTime = { lock_age_ms: null, crm_age_ms: null, lrms: null, since_ms: 0 } as const;

const VICTIM = "victim";
const VMID = 100;
/** Beside what the settings ask for. */
const LIMIT = minutes(30);
/** Changes of the membership that a failover may have to wait out, with all that they undo. One is the rule. */
const CHANGES = 10;

/**
 * A desktop seen through its own guest, whose node loses power. The twin begins at the kill, with every loop as old as it
 * is then: what comes after depends on nothing else.
 */
export const playProxmox =
  (question: ProxmoxQuestion): Play =>
  (random) => {
    const queue = new EventQueue();
    const { settings, master } = question;
    const others = othersOf(question);
    const standing = standingOf(question, others, random.fork("ages"));
    const nodeNames = [VICTIM, ...others.map(({ name }) => name)];
    const twin = createProxmoxTwin({
      clusterName: "predicted",
      settings: { ...settings, nodes: nodeNames.length, templates: 0 },
      scheduler: queue,
      random: random.fork("twin"),
      wallOrigin: random.fork("origin").next(),
      nodeNames,
      master: master ? VICTIM : present(others[0], "another node").name,
      standing,
    });
    const killed = queue.now();
    const seen = watchProxmox(twin, { victim: VICTIM, vmid: VMID });
    twin.powerOff(VICTIM);
    queue.runUntil(() => seen.back !== null, patienceWith(settings));
    return [
      {
        recovery_ms: from(killed, seen.back),
        phases_ms: {
          detection: from(killed, seen.unknown),
          fencing: from(seen.unknown, seen.fenced),
          placement: from(seen.fenced, seen.moved),
          start: from(seen.moved, seen.started),
          service: from(seen.started, seen.back),
        },
        mode: master ? masterMode(isRenewed(question, standing)) : workerMode(seen, killed),
      },
    ];
  };

/** Longer than any failover with these settings. */
const patienceWith = ({
  nodes,
  token_ms,
  token_coefficient_ms,
  assumed,
}: ProxmoxSettings): Duration =>
  sum(
    LIMIT,
    milliseconds(CHANGES * (token_ms + token_coefficient_ms * nodes)),
    milliseconds(assumed.qemu_start_ms + assumed.guest_boot_ms),
  );

/** The round that was read is older than the one that the failover begins with. */
const isRenewed = ({ crm_age_ms, since_ms }: ProxmoxQuestion, { crmAge }: Standing): boolean =>
  crm_age_ms !== null && crmAge !== null && inMs(crmAge) < crm_age_ms[0] + since_ms;

const from = (start: Instant | null, end: Instant | null): number =>
  inMs(between(present(start, "the step before"), present(end, "the twin's next step")));

interface Other extends OtherLrm {
  readonly name: string;
}

/** Of an LRM of which nothing was read. */
export const anyLrm: OtherLrm = {
  active: false,
  hosts: false,
  fenced_before: false,
  age_ms: null,
};

function othersOf({ lrms, settings }: ProxmoxQuestion): readonly Other[] {
  const known = lrms ?? [];
  return Array.from({ length: Math.max(known.length, settings.nodes - 1) }, (_, index) => ({
    ...(known[index] ?? anyLrm),
    name: `other${index + 1}`,
  }));
}

function standingOf(
  { lock_age_ms, crm_age_ms, since_ms }: ProxmoxQuestion,
  others: readonly Other[],
  random: Random,
): Standing {
  const draw = (age: RangeMs | null, round: Duration, shows: Duration): Duration | null => {
    const known = { age, round: inMs(round), shows: inMs(shows), since: since_ms };
    const drawn = ageDrawn(known, random);
    return drawn === null ? null : milliseconds(drawn);
  };
  /** Of a loop that is known by what it wrote. */
  const drawWriter = (age: RangeMs | null, round: Duration, writes: Duration): Duration | null =>
    draw(age === null ? null : [age[0] + inMs(writes), age[1] + inMs(writes)], round, writes);
  const active = others.filter((other) => other.active);
  const hosts = active.filter((other) => other.hosts);
  const { round } = ACTIVE_LRM_LOOP;
  const lrmAges = [
    [VICTIM, draw(lock_age_ms, round, ACTIVE_LRM_WRITES_AFTER)] as const,
    ...others.map(
      (other) =>
        [
          other.name,
          other.active
            ? drawWriter(other.age_ms, round, writesAfter(other))
            : drawWriter(other.age_ms, IDLE_LRM_ROUND, zero),
        ] as const,
    ),
  ];
  return {
    // One for each is enough, since `others` are in PVE's order already.
    vms: new Map([VICTIM, ...namesOf(hosts)].map((name, index) => [name, VMID + index])),
    emptyLrms: new Set(namesOf(active.filter((other) => !other.hosts))),
    fencedBefore: new Set(namesOf(others.filter((other) => other.fenced_before))),
    crmAge: drawWriter(crm_age_ms, CRM_LOOP.round, CRM_WRITES_AFTER),
    lrmAges: new Map(lrmAges.flatMap(([name, age]) => (age === null ? [] : [[name, age]]))),
  };
}

const namesOf = (others: readonly Other[]): readonly string[] => others.map(({ name }) => name);

const writesAfter = ({ hosts }: OtherLrm): Duration =>
  hosts ? ACTIVE_LRM_WRITES_AFTER : ACTIVE_LRM_LOOP.works;
