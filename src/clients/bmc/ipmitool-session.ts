import { OperatingError } from "../../base/errors.ts";
import { seconds } from "../../base/time.ts";
import type { IpmiAccess } from "../../model/inventory.ts";
import type { BmcSession, BmcTools, PowerAction, PowerState } from "./bmc-session.ts";
import { underDeadline } from "../shared/under-deadline.ts";
import { runProgram } from "./run-program.ts";
import { uuidReadings } from "./system-uuid.ts";

/** Two tries of two seconds each take ipmitool some 6 s (measured); the rest is for slow machines. */
const RETRIES = ["-N", "2", "-R", "2"];
const DEADLINE = seconds(15);

/** The same through Debian's ipmitool, one process a command, for BMCs that our own client does not get on with. */
export async function openIpmitoolSession(
  access: IpmiAccess,
  tools: BmcTools,
  program = "ipmitool",
): Promise<BmcSession> {
  const session = new IpmitoolSession(
    access,
    await tools.secrets.resolve(access.password),
    tools,
    program,
  );
  await session.power();
  return session;
}

class IpmitoolSession implements BmcSession {
  readonly #access: IpmiAccess;
  readonly #password: string;
  readonly #tools: BmcTools;
  readonly #program: string;

  constructor(access: IpmiAccess, password: string, tools: BmcTools, program: string) {
    this.#access = access;
    this.#password = password;
    this.#tools = tools;
    this.#program = program;
  }

  async power(): Promise<PowerState> {
    const said = await this.#run("read the chassis status", ["chassis", "power", "status"]);
    const found = /Chassis Power is (on|off)/u.exec(said)?.[1];
    if (found === "on" || found === "off") return found;
    throw nonsense("chassis status", said);
  }

  /** Every command, so also the one that opened this, asks for operator privilege and fails without it. */
  async demand(): Promise<void> {
    await Promise.resolve();
  }

  async control(action: PowerAction): Promise<void> {
    await this.#run(`request power ${action}`, ["chassis", "power", action]);
  }

  async systemUuids(): Promise<readonly string[]> {
    const said = await this.#run("read the system GUID", ["raw", "0x06", "0x37"]);
    const bytes = Buffer.from(said.replaceAll(/\s/gu, ""), "hex");
    if (bytes.length !== 16) throw nonsense("system GUID", said);
    return uuidReadings(bytes);
  }

  async close(): Promise<void> {
    // Each command had a session of its own.
  }

  /** `-C` spares a question for cipher suites that some BMCs leave unanswered for 10 s; `-E` takes the password from the environment. */
  async #run(what: string, words: readonly string[]): Promise<string> {
    const { host, port, user, cipher_suite: suite } = this.#access;
    const way = ["-I", "lanplus", "-C", String(suite), "-H", host, "-p", String(port)];
    const rights = ["-U", user, "-E", "-L", "OPERATOR"];
    const line = [...way, ...rights, ...RETRIES, ...words];
    const secrets = { IPMI_PASSWORD: this.#password };
    const end = await underDeadline(
      this.#tools.signal,
      this.#tools.clock.timeout(DEADLINE),
      async (signal) => await runProgram(this.#program, line, secrets, signal),
    );
    if (end.exitCode !== 0) throw refusal(what, `${host}:${port}`, end.stderr);
    return end.stdout;
  }
}

function refusal(what: string, peer: string, stderr: string): OperatingError {
  const said = stderr.trim().replaceAll(/\s+/gu, " ").slice(0, 300);
  const facts = { peer, said };
  if (/Insufficient privilege|0xd4/u.test(said)) {
    return new OperatingError(
      "denied",
      `Cannot ${what} as the BMC user's privilege is too low: ipmitool says "${said}". Give it operator privilege`,
      { facts },
    );
  }
  if (/Unable to establish|Error in open session|RAKP/u.test(said)) {
    return new OperatingError(
      "unreachable",
      `Cannot ${what} as ipmitool gets no session with the BMC at ${peer} (silent, or wrong user, password or cipher suite): it says "${said}"`,
      { facts },
    );
  }
  return new OperatingError("rejected", `Cannot ${what} as ipmitool failed: it says "${said}"`, {
    facts,
  });
}

const nonsense = (what: string, said: string): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot read the ${what} as ipmitool's answer makes no sense: it is "${said.trim().slice(0, 100)}"`,
  );
