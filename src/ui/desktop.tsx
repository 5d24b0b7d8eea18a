import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { DesktopView } from "./page-events.ts";
import { Screen } from "./screen.ts";

/** The desktop itself, to look at: as it moves, and its last picture for as long as it does not answer. */
export function Desktop({ view }: { readonly view: DesktopView }): VNode {
  const place = useRef<HTMLDivElement>(null);
  const [shows, setShows] = useState<Screen["shows"]>("nothing");
  const screen = useRef<Screen | null>(null);
  useEffect(() => {
    if (place.current !== null) screen.current = new Screen(place.current, setShows);
    return () => screen.current?.close();
  }, []);
  useEffect(() => {
    screen.current?.follow(view);
  }, [view]);
  return (
    <section class="desktop" aria-labelledby="desktop-title">
      <h2 id="desktop-title">The desktop</h2>
      <div
        class={`screen ${shows}`}
        role="img"
        aria-label={`The desktop: ${words(view, shows)}`}
        ref={place}
      />
      <p class="caption" data-shows={shows}>
        <span class="lamp" aria-hidden="true" /> {words(view, shows)}
      </p>
    </section>
  );
}

function words({ state }: DesktopView, shows: Screen["shows"]): string {
  if (shows === "live") return "live, view only";
  const last = shows === "frozen" ? "; its last picture" : "";
  switch (state) {
    case "absent":
      return `no trial has one now${last}`;
    case "unseen":
      return "this arm is watched no deeper than its page, so its screen is not shown";
    case "measured":
      return `left alone while its outage is measured${last}`;
    case "silent":
      return `it does not answer${last}`;
    case "watched":
      return shows === "connecting" ? "connecting" : `another page shows it${last}`;
    case "resting":
      return `it may be looked at again in a moment${last}`;
    case "free":
      return `connecting${last}`;
  }
}
