import type { DurationRange } from "../../base/interval.ts";
import { MOST_STARTS } from "../../model/cluster-facts.ts";
import type { KubernetesDesktop } from "../../model/experiment.ts";

/** A start that may have taken more than so many times the least that it did tells nothing: its watch was interrupted. */
const VAGUE = 3;

/**
 * How long this run's pods took from bound to a node to Ready, at deployments and failovers. Pods of one spec start alike,
 * whichever trial they are of.
 */
export class PodStarts {
  readonly #deployed = new Map<string, { readonly spec: string; readonly took: DurationRange }>();
  readonly #bySpec = new Map<string, DurationRange[]>();

  deployed(desktop: string, spec: KubernetesDesktop, took: DurationRange): void {
    const text = JSON.stringify(spec);
    this.#deployed.set(desktop, { spec: text, took });
    this.#add(text, took);
  }

  /** Another pod took the deployed one's place. */
  replaced(desktop: string, took: DurationRange): void {
    const spec = this.#deployed.get(desktop)?.spec;
    if (spec === undefined || took.high > VAGUE * took.low) return;
    this.#add(spec, took);
  }

  /** That of the desktop's own deployment; null: this process did not see it. */
  ofDeployment(desktop: string): DurationRange | null {
    return this.#deployed.get(desktop)?.took ?? null;
  }

  /** The latest of pods of its spec, its own deployment's among them. */
  ofAllLike(desktop: string): readonly DurationRange[] {
    const spec = this.#deployed.get(desktop)?.spec;
    return spec === undefined ? [] : this.#startsOf(spec);
  }

  #add(spec: string, took: DurationRange): void {
    this.#bySpec.set(spec, [...this.#startsOf(spec).slice(1 - MOST_STARTS), took]);
  }

  #startsOf(spec: string): readonly DurationRange[] {
    return this.#bySpec.get(spec) ?? [];
  }
}
