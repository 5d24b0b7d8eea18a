import type { buildConnector } from "undici";
import { OperatingError } from "../../../base/errors.ts";
import { seconds } from "../../../base/time.ts";
import type { RedfishAccess } from "../../../model/inventory.ts";
import { parse } from "../../shared/parse.ts";
import { deadlineOf } from "../../shared/patience.ts";
import { loadTrust } from "../../shared/trust.ts";
import type { BmcSession, BmcTools, PowerAction, PowerState } from "../bmc-session.ts";
import { uuidTextReadings } from "../system-uuid.ts";
import { findSystem } from "./find-system.ts";
import { logIn } from "./log-in.ts";
import { privilegesOf, RESET_PRIVILEGE } from "./own-privileges.ts";
import { CA_SOURCE, RedfishWire } from "./redfish-wire.ts";
import { resetFor } from "./reset-type.ts";
import type { ComputerSystem } from "./resources.ts";
import { computerSystem, ROOT, serviceRoot } from "./resources.ts";

/** A session that is not deleted ends by the BMC's own timeout, so nobody waits long for it. */
const GOODBYE = { least: seconds(5), floors: 5 };

/** A system on its way on or off has power (PowerState of DSP0268). */
const withPower = new Set(["On", "PoweringOn", "PoweringOff", "Paused"]);

/** Opens a session over Redfish, and finds the node's system there. `connect`: other than over TLS, for tests. */
export async function openRedfishSession(
  access: RedfishAccess,
  tools: BmcTools,
  connect?: buildConnector.connector,
): Promise<BmcSession> {
  const password = await tools.secrets.resolve(access.password);
  const trust = await loadTrust(access.tls, CA_SOURCE);
  const wire = new RedfishWire(access.url, trust, tools.clock, connect);
  const session = new RedfishSession(wire, tools);
  try {
    await session.begin(access, password);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

class RedfishSession implements BmcSession {
  readonly #wire: RedfishWire;
  readonly #tools: BmcTools;
  #system = "";
  #user = "";
  /** Null: the service names none. */
  #accounts: string | null = null;
  /** To be deleted at the end, as a BMC has room for few; null: there is none. */
  #session: string | null = null;
  #closed = false;

  constructor(wire: RedfishWire, tools: BmcTools) {
    this.#wire = wire;
    this.#tools = tools;
  }

  /** Asks the service where things are, logs in, and finds the system. */
  async begin(access: RedfishAccess, password: string): Promise<void> {
    const { signal } = this.#tools;
    const what = "find the BMC's Redfish service";
    const root = parse(serviceRoot, await this.#wire.get(what, ROOT, signal), what);
    this.#user = access.user;
    this.#accounts = root.AccountService ?? null;
    const account = { user: access.user, password };
    const sessions = root.Links?.Sessions ?? null;
    this.#session = await logIn(this.#wire, account, sessions, signal);
    const systems = root.Systems ?? `${ROOT}Systems`;
    this.#system = await findSystem(this.#wire, systems, access.system, signal);
  }

  async power(): Promise<PowerState> {
    const { PowerState: state } = await this.#read("read the power state");
    if (state === "Off") return "off";
    if (withPower.has(state ?? "")) return "on";
    throw new OperatingError(
      "protocol",
      `Cannot read the power state as the BMC at ${this.#wire.peer} does not tell it: PowerState of ${this.#system.slice(0, 200)} is ${state?.slice(0, 50) ?? "missing"}`,
    );
  }

  async demand(action: PowerAction): Promise<void> {
    const what = `ask whether power ${action} is possible`;
    await resetFor(this.#wire, await this.#read(what), action, this.#tools.signal);
    if (this.#accounts === null) return;
    const privileges = await privilegesOf(
      this.#wire,
      this.#user,
      this.#accounts,
      this.#tools.signal,
    );
    if (privileges === null || privileges.includes(RESET_PRIVILEGE)) return;
    throw new OperatingError(
      "denied",
      `Cannot request power ${action} as the account's role on the BMC at ${this.#wire.peer} lacks ${RESET_PRIVILEGE}: it has ${privileges.join(", ")}. Give ${this.#user} the role Operator`,
      { facts: { peer: this.#wire.peer } },
    );
  }

  async control(action: PowerAction): Promise<void> {
    const what = `request power ${action}`;
    const system = await this.#read(what);
    const { target, type } = await resetFor(this.#wire, system, action, this.#tools.signal);
    await this.#wire.post({ what, path: target, body: { ResetType: type } }, this.#tools.signal);
  }

  async systemUuids(): Promise<readonly string[]> {
    const { UUID: uuid } = await this.#read("read the system's UUID");
    return uuidTextReadings(uuid ?? "");
  }

  /** Also when the signal has ended, since a BMC whose sessions are all taken lets nobody in. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (this.#session !== null) {
        await this.#wire.send(
          { what: "close the session", method: "DELETE", path: this.#session },
          deadlineOf(GOODBYE, this.#tools.clock),
        );
      }
    } catch {
      // It ends by itself.
    } finally {
      await this.#wire.close();
    }
  }

  async #read(what: string): Promise<ComputerSystem> {
    return parse(
      computerSystem,
      await this.#wire.get(what, this.#system, this.#tools.signal),
      what,
    );
  }
}
