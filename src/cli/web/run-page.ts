import { WebSocketServer } from "ws";
import { instantInMs } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Journal } from "../../contracts/journal.ts";
import type { Probe } from "../../contracts/probe.ts";
import type { Progress } from "../../contracts/progress.ts";
import type { DesktopViews } from "../../contracts/viewing.ts";
import type { LiveListener } from "../../live/live-feed.ts";
import type { LiveState } from "../../live/live-state.ts";
import { SystemClock } from "../../platform/system-clock.ts";
import { eventName } from "../../ui/page-events.ts";
import { deaf } from "../progress/deaf.ts";
import { EventHub } from "./event-hub.ts";
import { livePage } from "./live-page.ts";
import type { LoopbackServer, Upgrade } from "./loopback-server.ts";
import { refuse, urlOf } from "./loopback-server.ts";
import { Relay } from "./relay.ts";
import { StateFeed } from "./state-feed.ts";

interface RunPageParts {
  readonly server: LoopbackServer;
  readonly clock: Clock;
  readonly probe: Pick<Probe, "effective"> & Pick<DesktopViews, "view">;
  readonly journal: Pick<Journal, "append">;
  readonly first: LiveState;
  /** Stops the run, as Ctrl-C does. */
  readonly abort: () => void;
}

/** What a run tells its page. */
export interface RunPage {
  /** Hears the run's events. */
  readonly listener: LiveListener;
  /** Hears of desktops, and of facts and samples as they come. */
  readonly progress: Progress;
  /** No desktop is shown any more. */
  readonly closeDesktop: () => void;
  /** Tells the last state, and that nothing comes after it. */
  readonly end: () => void;
}

/** A viewer's messages are small. */
const LONGEST_MESSAGE_BYTES = 1 << 16;

/** The page of a run on a server that listens already. Nothing that a browser does changes the run, but an abort. */
export function openRunPage(parts: RunPageParts): RunPage {
  const { server, clock, probe, journal } = parts;
  const hub = new EventHub();
  const feed = new StateFeed(hub, parts.first, () => instantInMs(clock.now()));
  let state = parts.first;
  const relay = new Relay({
    clock,
    real: new SystemClock(),
    views: probe,
    lookAt: (trial, { endpoint, spec }) => {
      const now = endpoint();
      return { trial, endpoint: now, spec, grid: probe.effective(spec, now) };
    },
    viewed: (trial, during_ms) => {
      // A disk that is full is noticed by those who must write.
      journal.append({ kind: "viewed", trial, during_ms }).catch(() => undefined);
    },
    tell: (data) => {
      hub.send({ name: eventName.desktop, data });
    },
  });
  const app = livePage({
    pageToken: server.keys.page,
    hub,
    known: () => [feed.snapshot, { name: eventName.desktop, data: relay.view }],
    run: () => (state.ended === null ? (state.run?.run ?? null) : null),
    abort: parts.abort,
  });
  server.serve({ app, upgrade: upgradeTo(relay) });
  return {
    listener: (_event, next) => {
      state = next;
      feed.update(next);
    },
    progress: {
      ...deaf,
      desktop: (trial, way) => {
        relay.desktop(trial, way);
      },
      record: ({ event }) => {
        relay.record(event);
      },
      sample: (sample) => {
        relay.sample(sample);
      },
    },
    closeDesktop: () => {
      relay.close();
    },
    end: () => {
      feed.flush();
      hub.send({ name: eventName.end, data: null });
      hub.end();
    },
  };
}

function upgradeTo(relay: Relay): Upgrade {
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LONGEST_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has("binary") ? "binary" : false),
  });
  return (request, socket, head) => {
    if (urlOf(request).pathname !== "/desktop") {
      refuse(socket, 404);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // Whatever it was: the run goes on.
      relay.watch(webSocket).catch(() => webSocket.terminate());
    });
  };
}
