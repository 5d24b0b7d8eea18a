import { describeError, OperatingError } from "../../base/errors.ts";
import { hostKeySeen } from "../../clients/ssh/host-key-seen.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { Finding } from "../../model/survey.ts";
import { note, ok, problem } from "../../model/survey.ts";
import type { Told } from "./ask.ts";
import { ask, surveyPatience } from "./ask.ts";
import { clockFinding, epochOfOrigin, offsetOf } from "./clock-offset.ts";
import type { NodeReport } from "./node-report.ts";
import { readNodeReport } from "./node-report.ts";

interface World {
  readonly clock: Clock;
  readonly secrets: Secrets;
}

export interface SshAsked {
  readonly report: NodeReport | null;
  readonly findings: readonly Finding[];
}

/** Can root log in there, is the host key the pinned one, and what does the node say of itself. */
export async function surveySsh(node: string, access: SshAccess, world: World): Promise<SshAsked> {
  const { clock } = world;
  const [report, key] = await Promise.all([
    ask(clock, surveyPatience.node, async (signal) => readNodeReport(access, { ...world, signal })),
    ask(clock, surveyPatience.node, async (signal) => await keyToPin(access, signal)),
  ]);
  return {
    report: report.told ? report.value : null,
    findings: [
      judgeLogin(node, access, report, key),
      ...(report.told && report.value.clock !== null
        ? [clockFinding(node, offsetOf(report.value.clock, epochOfOrigin(clock)))]
        : []),
    ],
  };
}

/** Null where the key is pinned: then the login itself proves it. */
const keyToPin = async (access: SshAccess, signal: AbortSignal): Promise<string | null> =>
  access.host_key === "insecure" ? await hostKeySeen(access, signal) : null;

function judgeLogin(
  node: string,
  access: SshAccess,
  report: Told<NodeReport>,
  key: Told<string | null>,
): Finding {
  const about = { topic: "ssh", subject: node } as const;
  const peer = `${access.user}@${access.host}:${access.port}`;
  const needs = `a root login over SSH on ${node}`;
  if (!report.told) {
    const shown = keyOf(report.error) ?? (key.told ? key.value : null);
    return problem(
      about,
      describeError(report.error),
      shown === null ? { needs } : pinning(node, access, shown),
    );
  }
  if (report.value.user !== "0") {
    return problem(about, `${peer} is user ${report.value.user ?? "unknown"}`, { needs });
  }
  if (access.host_key !== "insecure") return ok(about, `${peer} logs in, host key as pinned`);
  const seen = key.told && key.value !== null ? key.value : null;
  return note(
    about,
    `${peer} logs in, host key NOT verified (host_key: insecure)`,
    seen === null ? {} : pinning(node, access, seen),
  );
}

/** The fingerprint that a server with a wrong key showed. */
function keyOf(error: unknown): string | null {
  if (!(error instanceof OperatingError) || error.code !== "untrusted") return null;
  return typeof error.facts["shown"] === "string" ? error.facts["shown"] : null;
}

const pinning = (
  node: string,
  { host }: SshAccess,
  shown: string,
): Pick<Finding, "needs" | "paste"> => ({
  needs: `the key pinned, after "for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done" on the console of ${node} (${host}) has listed ${shown}`,
  paste: { nodes: { [node]: { ssh: { host_key: shown } } } },
});
