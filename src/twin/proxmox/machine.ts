import { after, milliseconds, times } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { Cluster } from "./cluster.ts";
import { WATCHDOG_LOOK } from "./constants.ts";
import { Daemons } from "./daemons.ts";
import { CLUSTER_LINK, LINKS } from "./links.ts";
import type { LinkName } from "./links.ts";
import { endInOrder } from "./orderly-end.ts";
import type { OutsideStanding } from "./outsider.ts";
import type { HostState } from "./proxmox-twin.ts";
import { Watchdog } from "./watchdog.ts";

/** One node as hardware: power, kernel and links, with what runs on it from boot to boot. */
export class Machine {
  readonly #cluster: Cluster;
  readonly #node: string;
  readonly #random: Random;
  readonly #down = new Set<LinkName>();
  #state: HostState = "up";
  #boot: Cancel | null = null;
  #daemons: Daemons | null = null;
  #standing: "member" | OutsideStanding = "member";
  #isEnding = false;
  /** Grows at each death. */
  #life = 0;

  /** It is up, and its daemons are still to be installed. */
  constructor(cluster: Cluster, node: string, random: Random) {
    this.#cluster = cluster;
    this.#node = node;
    this.#random = random;
  }

  get state(): HostState {
    return this.#state;
  }

  /** Null while nothing of PVE runs. */
  get daemons(): Daemons | null {
    return this.#daemons;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  isLinkUp(link: LinkName): boolean {
    return !this.#down.has(link);
  }

  setLink(link: LinkName, up: boolean): void {
    if (this.#state !== "up" || this.isLinkUp(link) === up) return;
    if (up) this.#down.delete(link);
    else this.#down.add(link);
    this.#cluster.simulation.link(this.#node, link, up);
    if (link === CLUSTER_LINK) this.#connect("silently");
  }

  /** Fresh daemons; whoever calls starts them. */
  install(): ReturnType<Daemons["install"]> {
    this.#daemons ??= this.#newDaemons();
    return this.#daemons.install();
  }

  powerOff(): void {
    if (this.#state === "off") return;
    this.#become("off");
    this.#die();
  }

  powerOn(): void {
    if (this.#state !== "off") return;
    const { simulation, settings, tasks, ring } = this.#cluster;
    this.#become("booting");
    this.#boot = simulation.after(milliseconds(settings.assumed.node_boot_ms), () => {
      tasks.nodeBooted(this.#node);
      this.#become("up");
      this.#standing = "member";
      ring.joined(this.#node);
    });
  }

  reset(): void {
    if (this.#state === "off") return;
    this.powerOff();
    this.powerOn();
  }

  panic(): void {
    if (this.#state === "off" || this.#state === "hung") return;
    this.#become("hung");
    this.#die();
  }

  /** `systemctl poweroff` and `systemctl reboot`. */
  shutDown(action: "poweroff" | "reboot"): void {
    if (this.#state !== "up" || this.#isEnding) return;
    this.#isEnding = true;
    this.#cluster.simulation.truth("shutdown-requested", this.#node, action);
    const life = this.#life;
    const end = { node: this.#node, action, daemons: this.#daemons };
    endInOrder(this.#cluster, end, () => {
      if (this.#life !== life) return;
      if (action === "poweroff") this.powerOff();
      else this.reset();
    });
  }

  #newDaemons(): Daemons {
    const { simulation } = this.#cluster;
    const phase = after(simulation.now(), times(WATCHDOG_LOOK, this.#random.next()));
    const watchdog = new Watchdog(simulation, this.#node, phase, () => {
      this.reset();
    });
    return new Daemons(this.#cluster, this.#node, watchdog, {
      onCluster: (how) => {
        this.#connect(how);
      },
    });
  }

  /** Tells the ring, if how this node stands to it has changed. */
  #connect(how: "silently" | "cleanly"): void {
    const { ring, files, vms } = this.#cluster;
    const standing = this.#standingNow();
    if (standing === this.#standing) return;
    this.#standing = standing;
    if (standing === "member") {
      ring.joined(this.#node);
      return;
    }
    files.left(this.#node, vms.list());
    ring.left(this.#node, standing, how);
  }

  #standingNow(): "member" | OutsideStanding {
    const taking = this.#daemons?.taking ?? "part";
    if (taking === "no part") return "absent";
    if (taking === "a pause") return "frozen";
    return this.isLinkUp(CLUSTER_LINK) ? "member" : "alone";
  }

  /** Links that were set down are up again at the next boot. */
  #die(): void {
    this.#boot?.();
    this.#boot = null;
    this.#isEnding = false;
    this.#life++;
    this.#daemons?.end();
    this.#daemons = null;
    this.#cluster.tasks.nodeDied(this.#node);
    this.#cluster.ring.died(this.#node);
    this.#cluster.files.returned(this.#node);
    this.#cluster.vms.nodeDied(this.#node);
    for (const link of LINKS) {
      if (this.#down.delete(link)) this.#cluster.simulation.link(this.#node, link, true);
    }
  }

  #become(state: HostState): void {
    this.#state = state;
    this.#cluster.simulation.host(this.#node, state);
  }
}
