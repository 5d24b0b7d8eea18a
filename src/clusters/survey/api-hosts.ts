import type { Span } from "../../base/interval.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import { certificateSeen } from "../../clients/shared/certificate-seen.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ApiHost, TlsTrust } from "../../model/inventory.ts";
import type { Finding } from "../../model/survey.ts";
import { note, ok, problem } from "../../model/survey.ts";
import type { Told } from "./ask.ts";
import { ask, surveyPatience } from "./ask.ts";
import { clockFinding, epochOfOrigin, offsetOf } from "./clock-offset.ts";

export interface HostVersion {
  readonly version: string;
  readonly during: Span;
  /** The Date header in epoch seconds, cut to the second; null where there is none, or where it says nothing. */
  readonly date: number | null;
}

export interface HostsAsked {
  /** Those that answered as they should: the others are asked nothing more. */
  readonly answering: readonly ApiHost[];
  readonly findings: readonly Finding[];
}

interface Hosts {
  readonly hosts: readonly ApiHost[];
  readonly tls: TlsTrust;
  /** Where such clusters keep the certificate of a host, for a person at its console. */
  readonly certificatePath: string;
  readonly caSource: string;
  readonly clock: Clock;
  /** Asks one host, over verified TLS. */
  readonly version: (host: ApiHost, signal: AbortSignal) => Promise<HostVersion>;
}

/** Each API host by itself: does it answer, as whom, with which version, and what does its clock say. */
export async function surveyHosts(parts: Hosts): Promise<HostsAsked> {
  const asked = await Promise.all(
    parts.hosts.map(async (host) => {
      const [version, shown] = await Promise.all([
        ask(parts.clock, surveyPatience.host, async (signal) => await parts.version(host, signal)),
        ask(
          parts.clock,
          surveyPatience.host,
          async (signal) => await certificateSeen(host, signal),
        ),
      ]);
      return { host, version, shown };
    }),
  );
  return {
    answering: asked.flatMap(({ host, version }) => (version.told ? [host] : [])),
    findings: asked.flatMap((each) => judgeHost(parts, each)),
  };
}

interface HostAsked {
  readonly host: ApiHost;
  readonly version: Told<HostVersion>;
  readonly shown: Told<string>;
}

function judgeHost(parts: Hosts, { host, version, shown }: HostAsked): readonly Finding[] {
  const about = { topic: "api", subject: host.url } as const;
  if (!version.told) {
    const untrusted = version.error instanceof OperatingError && version.error.code === "untrusted";
    const saw = describeError(version.error);
    return [problem(about, saw, untrusted && shown.told ? pinning(parts, host, shown.value) : {})];
  }
  const { value } = version;
  const certificate = shown.told ? `, SHA-256 ${shown.value}` : "";
  const says = `${value.version}, ${trustInWords(parts.tls)}${certificate}`;
  return [
    parts.tls.kind === "insecure"
      ? note(about, says, shown.told ? pinning(parts, host, shown.value) : {})
      : ok(about, says),
    ...(value.date === null
      ? []
      : [
          clockFinding(
            host.url,
            offsetOf(
              { low: value.date, high: value.date + 1, during: value.during },
              epochOfOrigin(parts.clock),
            ),
          ),
        ]),
  ];
}

function trustInWords(tls: TlsTrust): string {
  switch (tls.kind) {
    case "ca":
      return `certificate verified by the CA in ${tls.path}`;
    case "fingerprint":
      return "certificate is the pinned one";
    case "insecure":
      return "certificate NOT verified (tls: insecure)";
  }
}

/** One pin holds for one certificate, and each host has its own: several need the CA. */
function pinning(
  { hosts, certificatePath, caSource }: Hosts,
  { node }: ApiHost,
  shown: string,
): Pick<Finding, "needs" | "paste"> {
  const console = node === null ? "the host's own console" : `the console of ${node}`;
  const look = `"openssl x509 -noout -fingerprint -sha256 -in ${certificatePath}" on ${console}`;
  if (hosts.length > 1) {
    return {
      needs: `api.tls: { kind: ca, path: ... } with ${caSource}, as one pin cannot hold for ${hosts.length} hosts. ${look} must show ${shown}`,
      paste: null,
    };
  }
  return {
    needs: `the certificate pinned, after ${look} has shown ${shown}`,
    paste: { api: { tls: { kind: "fingerprint", sha256: shown } } },
  };
}
