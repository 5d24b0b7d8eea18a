import type { Clock } from "../contracts/clock.ts";
import type { Journal } from "../contracts/journal.ts";
import type { Probe } from "../contracts/probe.ts";
import type { DesktopViews } from "../contracts/viewing.ts";
import type { RunView } from "./progress/for-run.ts";
import { scrubber } from "./surroundings.ts";
import type { Terminal } from "./terminal.ts";
import { DEFAULT_PORT } from "./web/default-port.ts";
import type { LoopbackServer } from "./web/loopback-server.ts";

/**
 * Listens for the page of a run, before anything is touched: a port that is taken costs nothing then.
 * @param port true: the usual one
 */
export async function pageServer(port: number | true): Promise<LoopbackServer> {
  const { LoopbackServer: Server } = await import("./web/loopback-server.ts");
  return await Server.open(port === true ? DEFAULT_PORT : port);
}

interface Shown {
  readonly clock: Clock;
  readonly probe: Probe & DesktopViews;
  readonly journal: Pick<Journal, "append">;
  readonly terminal: Terminal;
  /** Stops the run, as Ctrl-C does. */
  readonly abort: () => void;
}

/** A run's page, for whoever has the address that is printed. */
export interface ShownRun {
  /** The desktop is shown to nobody any more. */
  readonly close: () => Promise<void>;
  /** The last that pages are told. */
  readonly end: () => void;
}

export async function showOnPage(
  server: LoopbackServer | null,
  view: RunView,
  { clock, probe, journal, terminal, abort }: Shown,
): Promise<ShownRun> {
  if (server === null) return { close: async () => await Promise.resolve(), end: () => undefined };
  const { openRunPage } = await import("./web/run-page.ts");
  const page = openRunPage({ server, clock, probe, journal, first: view.feed.state, abort });
  view.feed.listen("the page", page.listener);
  view.join("the page's desktop", page.progress);
  terminal.err(`The run's page: ${server.link}\n`);
  scrubber.add(server.keys.link);
  return {
    close: async () => {
      page.closeDesktop();
      await Promise.resolve();
    },
    end: page.end,
  };
}
