import { once } from "node:events";
import { connect } from "node:net";
import type { NovncEndpoint } from "../../../src/contracts/endpoint.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import type { FramePlaces, ScreenSize } from "../../../src/probe/frame-places.ts";
import { Journey } from "../../../src/probe/journey.ts";
import { targetOf } from "../../../src/probe/layers/connection.ts";
import { expectPicture } from "../../../src/probe/layers/frame.ts";
import { shakeHands } from "../../../src/probe/layers/rfb.ts";
import type { Pipe } from "../../../src/probe/layers/websocket.ts";
import { openWebSocket } from "../../../src/probe/layers/websocket.ts";
import { AttemptFailure } from "../../../src/probe/attempt-failure.ts";
import { secrets } from "../attempts.ts";

/**
 * An attempt, in clear, that is held up between what it understands and its first request for pixels, while `happening`
 * goes on. Rejects with what ends it, but for a screen of one colour.
 */
export async function pictureAfter(
  endpoint: NovncEndpoint,
  places: FramePlaces,
  happening: () => Promise<void>,
): Promise<void> {
  try {
    await visit(endpoint, async (pipe, screen) => {
      await expectPicture(heldUp(pipe, happening), screen, places);
    });
  } catch (error) {
    if (!(error instanceof AttemptFailure && error.failure.kind === "uniform-frame")) throw error;
  }
}

/** What a visitor is told when he comes. */
export async function screenOf(endpoint: NovncEndpoint): Promise<ScreenSize> {
  return await visit(endpoint, async (_pipe, screen) => await Promise.resolve(screen));
}

async function visit<T>(
  endpoint: NovncEndpoint,
  look: (pipe: Pipe, screen: ScreenSize) => Promise<T>,
): Promise<T> {
  const journey = new Journey(new SystemClock().now());
  try {
    const target = targetOf(endpoint.websocket_url, null, { ca_pem: null, fingerprint: null });
    const socket = journey.own(connect(target.address));
    await once(socket, "connect");
    const pipe = await openWebSocket(socket, { target, headers: {} }, journey);
    const reference = endpoint.vnc_password;
    const password = reference === null ? null : await secrets.resolve(reference);
    const { screen } = await shakeHands(pipe, password);
    return await look(pipe, screen);
  } finally {
    journey.end();
  }
}

function heldUp(pipe: Pipe, happening: () => Promise<void>): Pipe {
  let sent = 0;
  let ready = Promise.resolve();
  return {
    input: pipe.input,
    send: (bytes) => {
      sent += 1;
      if (sent === 2) ready = ready.then(happening);
      ready = ready.then(() => pipe.send(bytes));
    },
  };
}
