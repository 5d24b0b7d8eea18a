import type { ClocksRead } from "../model/clock-offset.ts";
import type {
  ClusterHealth,
  ClusterIdentity,
  ClusterTimers,
  ControlPlaneEvent,
  DesktopHandle,
  Whereabouts,
} from "../model/cluster-facts.ts";
import type { DesktopSpec, Placement } from "../model/experiment.ts";
import type { ClusterLock } from "./cluster-lock.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * One cluster, through its public API. Every method rejects with an `OperatingError` and obeys its signal.
 * One driver serves all trials of a run on its cluster, so it may remember (a fencing seen earlier, a dead API host).
 */
export interface ClusterDriver {
  readonly kind: "proxmox" | "kubernetes";
  readonly name: string;
  readonly lock: ClusterLock;

  identify(signal: AbortSignal): Promise<ClusterIdentity>;

  /** Fresh facts; `problems` is empty when a trial may start (settled, quorate, HA on, nobody in maintenance, spare capacity). */
  health(signal: AbortSignal): Promise<ClusterHealth>;

  /** Chooses names and ids and reads what has to be put back; changes nothing. */
  prepare(request: DesktopRequest, signal: AbortSignal): Promise<DesktopHandle>;

  /** Deploys what `prepare` chose and waits until the control plane says it runs. */
  deploy(
    desktop: DesktopHandle,
    request: DesktopRequest,
    signal: AbortSignal,
  ): Promise<Whereabouts>;

  /** How to reach it from outside. `victim` is a node whose ways in must not be used; null before one is known. */
  endpoint(
    desktop: DesktopHandle,
    spec: DesktopSpec,
    victim: string | null,
    signal: AbortSignal,
  ): Promise<Endpoint>;

  /**
   * Something that must go on answering when `victim` dies: the API of another node. A desktop that fails together with
   * it tells of the prober, not of the desktop. Asks nobody.
   */
  control(victim: string | null): Endpoint;

  whereabouts(desktop: DesktopHandle, signal: AbortSignal): Promise<Whereabouts>;

  /**
   * The clocks of the nodes, over SSH, and of the API hosts, by what they answer; what else this driver reads in their stamps
   * it reads by them from then on. Takes a few seconds, whoever is silent; never rejects.
   */
  clocks(signal: AbortSignal): Promise<ClocksRead>;

  timers(desktop: DesktopHandle, victim: string, signal: AbortSignal): Promise<ClusterTimers>;

  /** From now on this node's API host is asked nothing, because it is about to die; null: all may be asked again. */
  avoid(node: string | null): void;

  /**
   * Reports what the control plane says until `signal` is aborted; then resolves. Survives an API host that dies (and
   * reports the gap). `victim` answers null until it is known.
   */
  observe(
    desktop: DesktopHandle,
    options: {
      readonly victim: () => string | null;
      readonly onEvent: (event: ControlPlaneEvent) => void;
    },
    signal: AbortSignal,
  ): Promise<void>;

  /**
   * Whether a desktop that was there before the run still bears the run's mark: false once it was put back, or when it was
   * never deployed.
   */
  bearsMark(desktop: DesktopHandle, signal: AbortSignal): Promise<boolean>;

  /** Removes what this run owns, puts back what it found. Safe to repeat, and when it was never deployed. */
  remove(desktop: DesktopHandle, signal: AbortSignal): Promise<void>;

  /** Lets go of sockets. */
  close(): Promise<void>;
}

export interface DesktopRequest {
  readonly spec: DesktopSpec;
  readonly placement: Placement;
  readonly run: string;
  readonly trial: string;
  /** One word, new for each trial: marks the run's own objects. */
  readonly mark: string;
}
