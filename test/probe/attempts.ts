import { milliseconds, seconds, zero } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import type { Endpoint, NovncEndpoint } from "../../src/contracts/endpoint.ts";
import type { Layer } from "../../src/model/experiment.ts";
import type { SampleResult } from "../../src/model/sample.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import type { AttemptMeans, AttemptOutcome } from "../../src/probe/attempt.ts";
import { attempt } from "../../src/probe/attempt.ts";
import { FramePlaces } from "../../src/probe/frame-places.ts";
import { SecureContexts } from "../../src/probe/layers/tls.ts";
import { freshManners } from "../../src/probe/manners.ts";
import { Passwords } from "../../src/probe/passwords.ts";
import type { Turnstile } from "../../src/probe/turnstile.ts";

export const secrets = {
  resolve: async (reference: { kind: string; name?: string }): Promise<string> =>
    await Promise.resolve(reference.name ?? ""),
};

const meansWith = (clock: Clock): AttemptMeans => ({
  clock,
  contexts: new SecureContexts(),
  passwords: new Passwords(secrets),
});

/** A busy machine notices a deadline late, which says nothing of the attempt here. */
class PatientClock extends SystemClock {
  override readonly floor = { deadline: zero, period: zero, lateness: seconds(5) };
}

const means = meansWith(new PatientClock());
const strict = meansWith(new SystemClock());

export const novnc = (
  urls: { page_url: string; websocket_url: string },
  more: Partial<NovncEndpoint> = {},
): NovncEndpoint => ({
  kind: "novnc",
  page_url: urls.page_url,
  websocket_url: urls.websocket_url,
  host_header: null,
  vnc_password: null,
  ca_pem: null,
  ...more,
});

interface Options {
  depth?: Layer;
  connect_ms?: number;
  attempt_ms?: number;
  period_ms?: number;
  places?: FramePlaces;
  turnstile?: Turnstile;
  held?: boolean;
  /** By the clock of a real cluster, which no deadline may be noticed late by. */
  strict?: boolean;
}

/** One attempt with deadlines long enough for a busy machine, unless told otherwise. */
export async function attemptAt(
  endpoint: Endpoint,
  options: Options = {},
): Promise<AttemptOutcome> {
  return await attempt(
    {
      endpoint: () => endpoint,
      depth: options.depth ?? "frame",
      held: () => options.held ?? false,
      places: options.places ?? new FramePlaces(),
      manners: {
        ...freshManners(),
        ...(options.turnstile === undefined ? {} : { turnstile: options.turnstile }),
      },
      grid: {
        period: milliseconds(options.period_ms ?? 10_000),
        connectTimeout: milliseconds(options.connect_ms ?? 5000),
        attemptTimeout: milliseconds(options.attempt_ms ?? 5000),
      },
    },
    options.strict === true ? strict : means,
  );
}

export async function resultAt(endpoint: Endpoint, options: Options = {}): Promise<SampleResult> {
  return (await attemptAt(endpoint, options)).result;
}

export const password = (name: string): { kind: "env"; name: string } => ({ kind: "env", name });
