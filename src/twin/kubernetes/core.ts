import type { Scheduler } from "../../contracts/scheduler.ts";
import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { ObjectStore } from "./object-store.ts";
import type { TwinFact } from "./twin-event.ts";
import type { WallStamps } from "./wall-stamps.ts";

/** What every process of the model stands on. */
export interface Core {
  readonly settings: KubernetesSettings;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly store: ObjectStore;
  readonly stamps: WallStamps;
  /** Whether Event objects are written. Clients read them, controllers do not. */
  readonly writesEvents: boolean;
  /** Some API server lives, so that kubelets and controllers can read and write. */
  readonly apiIsUp: () => boolean;
  /** Tells the truth, at this very instant, to tests and explanations. */
  readonly tell: (fact: TwinFact) => void;
}
