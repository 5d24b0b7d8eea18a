import type { ArmReport, ArmReference, ReferenceComparison } from "../model/run-report.ts";

/** For each set of reference values that several arms are held against: which of them lies nearer, and why none was fitted. */
export function compareReferences(
  arms: readonly ArmReport[],
  simulated: boolean,
): readonly ReferenceComparison[] {
  const groups = new Map<string, readonly Compared[]>();
  for (const compared of arms.flatMap(withReference)) {
    const { title, source, measure, values_ms } = compared.reference;
    const key = JSON.stringify([title, source, measure, values_ms]);
    groups.set(key, [...(groups.get(key) ?? []), compared]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => comparison(group, simulated));
}

interface Compared {
  readonly arm: ArmReport;
  readonly reference: ArmReference;
}

const withReference = (arm: ArmReport): readonly Compared[] =>
  arm.reference === null ? [] : [{ arm, reference: arm.reference }];

function comparison(group: readonly Compared[], simulated: boolean): ReferenceComparison {
  const title = group[0]?.reference.title ?? "";
  const places = group.map(place).join("; ");
  const nearer = nearest(group);
  const result =
    nearer === null ? "None can be called nearer" : `The median of ${nearer} lies nearer`;
  const why = simulated ? whyNotFitted(group) : whyMeasured;
  return { title, nearer, text: `${places}. ${result}. ${why}` };
}

function place({ arm, reference }: Compared): string {
  const { shift_ms, shift_interval_ms } = reference;
  if (shift_ms === null) return `${arm.name} has no recovered trial`;
  const side = shift_ms < 0 ? "below" : "above";
  const interval =
    shift_interval_ms === null
      ? ""
      : ` (95 % interval of the difference ${signed(shift_interval_ms[0])} .. ${signed(shift_interval_ms[1])} s)`;
  return `${arm.name}: median ${seconds(reference.median_ms + shift_ms)} s, ${seconds(Math.abs(shift_ms))} s ${side} the reference's ${seconds(reference.median_ms)} s${interval}`;
}

/** Null when an arm has no median, or two lie equally near. */
function nearest(group: readonly Compared[]): string | null {
  const distances = group.map(({ arm, reference: { shift_ms } }) => ({
    name: arm.name,
    distance: shift_ms === null ? Number.NaN : Math.abs(shift_ms),
  }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  const [first, ...rest] = distances.filter(({ distance }) => distance === least);
  return first === undefined || rest.length > 0 ? null : first.name;
}

const rulesOf = {
  proxmox:
    "Proxmox VE's own rules: corosync's token, the 60 s fence delay, the 120 s agent lock and its two-round take-over, the rounds of CRM and LRM",
  kubernetes:
    "Kubernetes' own rules: the Lease, the controller-manager's passes and grace period, the toleration",
} as const;

function whyNotFitted(group: readonly Compared[]): string {
  const kinds = [...new Set(group.map(({ arm }) => arm.cluster_kind))];
  const rules = kinds.map((kind) => rulesOf[kind]).join("; and ");
  return `No arm was fitted to the reference: no constant of the lab's twin was chosen to meet a measurement, and its times follow from ${rules}. What no rule gives (the start of the instance, the guest's boot) is assumed, is listed with the assumptions, and moves an arm by as much as it is wrong.`;
}

const whyMeasured =
  "No arm was fitted to the reference: the times were measured on a real cluster, and nothing was assumed.";

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const signed = (ms: number): string => `${ms < 0 ? "" : "+"}${seconds(ms)}`;
