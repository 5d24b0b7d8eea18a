import type { WebSocket } from "ws";
import { either } from "../../base/abort.ts";
import type { SpanMs } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { instantInMs, minutes, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { DesktopWay } from "../../contracts/progress.ts";
import type { DesktopViews, LookAt } from "../../contracts/viewing.ts";
import type { ProbeSpec } from "../../model/experiment.ts";
import type { JournalEvent } from "../../model/journal.ts";
import type { PlannedTrial } from "../../model/plan.ts";
import type { Sample } from "../../model/sample.ts";
import { DesktopSight } from "./desktop-sight.ts";
import type { DesktopView } from "../../ui/page-events.ts";
import { closeCode, Viewer } from "./viewer.ts";

/** A desktop that is watched no deeper than its page may well have no screen. */
const isSeen = ({ depth }: ProbeSpec): boolean => depth === "rfb" || depth === "frame";

export interface RelayWorld {
  /** The run's. */
  readonly clock: Clock;
  /** Real time: for what is real work, and for people. */
  readonly real: Clock;
  readonly views: Pick<DesktopViews, "view">;
  readonly lookAt: (trial: string, way: DesktopWay) => LookAt;
  /** The desktop has had a viewer meanwhile. */
  readonly viewed: (trial: string, during: SpanMs) => void;
  readonly tell: (view: DesktopView) => void;
}

/** Each try to open a console is a task on its cluster. */
const CONSOLE_REST: Duration = minutes(1);
/** After any other view, and after one that failed. */
const REST: Duration = seconds(1);

interface Current {
  readonly trial: string;
  readonly way: DesktopWay;
  readonly sight: DesktopSight;
  /** Aborted when the desktop is about to be removed. */
  readonly removed: AbortController;
  /** Aborted when it may not be looked at any more; a new one each time that it may. */
  unseen: AbortController;
}

/**
 * Shows the desktop of the trial under way to one browser at a time, view only, and only while the samples say that it
 * answers and no outage of it is measured. RFB ends here on both sides.
 */
export class Relay {
  readonly #world: RelayWorld;
  readonly #ended = new AbortController();
  #current: Current | null = null;
  #watched = false;
  #resting = false;
  #told = "";

  constructor(world: RelayWorld) {
    this.#world = world;
  }

  get view(): DesktopView {
    return { trial: this.#current?.trial ?? null, state: this.#state() };
  }

  desktop({ id }: PlannedTrial, way: DesktopWay | null): void {
    this.#current?.removed.abort();
    this.#current =
      way === null
        ? null
        : {
            trial: id,
            way,
            sight: new DesktopSight(way.spec.consecutive),
            removed: new AbortController(),
            unseen: new AbortController(),
          };
    this.#tell();
  }

  sample(sample: Sample): void {
    const current = this.#current;
    if (current === null || sample.trial !== current.trial) return;
    this.#look(current, () => current.sight.take(sample));
  }

  /** Before whatever it tells of is done: a viewer is away when the fault is injected. */
  record(event: JournalEvent): void {
    const current = this.#current;
    if (current === null || !("trial" in event) || event.trial !== current.trial) return;
    this.#look(current, () => current.sight.note(event));
  }

  /** Resolves when the browser has gone, or was sent away. */
  async watch(socket: WebSocket): Promise<void> {
    socket.on("error", () => undefined);
    const current = this.#current;
    if (current === null || this.#state() !== "free") {
      socket.close(closeCode.notNow, this.#state());
      return;
    }
    this.#watched = true;
    this.#tell();
    const stop = either(this.#ended.signal, current.removed.signal, current.unseen.signal);
    try {
      await this.#show(current, new Viewer(socket, stop, this.#world.real));
    } finally {
      this.#watched = false;
      void this.#rest(current);
    }
  }

  close(): void {
    this.#ended.abort();
    this.#current = null;
  }

  #look(current: Current, change: () => void): void {
    const before = current.sight.sees;
    change();
    const now = current.sight.sees;
    if (before === "answers" && now !== "answers") current.unseen.abort();
    if (before !== "answers" && now === "answers") current.unseen = new AbortController();
    this.#tell();
  }

  async #show({ trial, way }: Current, viewer: Viewer): Promise<void> {
    const { clock, views, lookAt, viewed } = this.#world;
    try {
      await viewer.greeted();
    } catch {
      viewer.end(closeCode.refused, "no handshake");
      return;
    }
    const since = instantInMs(clock.now());
    const opened = await views.view(lookAt(trial, way), viewer.signal).catch(() => null);
    if (opened === null) {
      viewer.end(viewer.signal.aborted ? closeCode.gone : closeCode.unreachable, "no way in");
      return;
    }
    try {
      await viewer.shows(opened);
    } finally {
      opened.close();
      viewed(trial, [since, instantInMs(clock.now())]);
    }
  }

  async #rest({ way }: Current): Promise<void> {
    const { clock, real } = this.#world;
    this.#resting = true;
    this.#tell();
    const rest =
      way.endpoint().kind === "ticket"
        ? clock.sleep(CONSOLE_REST, this.#ended.signal)
        : real.sleep(REST, this.#ended.signal);
    await rest.catch(() => undefined);
    this.#resting = false;
    this.#tell();
  }

  #state(): DesktopView["state"] {
    if (this.#current === null || this.#ended.signal.aborted) return "absent";
    if (!isSeen(this.#current.way.spec)) return "unseen";
    const { sees } = this.#current.sight;
    if (sees !== "answers") return sees;
    if (this.#watched) return "watched";
    return this.#resting ? "resting" : "free";
  }

  #tell(): void {
    const { view } = this;
    const told = JSON.stringify(view);
    if (told !== this.#told) this.#world.tell(view);
    this.#told = told;
  }
}
