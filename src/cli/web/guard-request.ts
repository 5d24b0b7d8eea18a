import { timingSafeEqual } from "node:crypto";

/** What of a request decides whether it is answered; null: the header is not there. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly cookie: string | null;
  /** Who had it sent, as the browser says: `same-origin`, `same-site`, `cross-site` or `none`, which is the user. */
  readonly fetchSite: string | null;
  readonly contentType: string | null;
  readonly pageToken: string | null;
  readonly upgrade: boolean;
}

/** What somebody must show, by the one server that knows it. 128 random bits each. */
export interface Keys {
  /** In the address that the terminal shows. */
  readonly link: string;
  /** In the browser, once it has been there. */
  readonly cookie: string;
  /** In the page, for what changes something. */
  readonly page: string;
}

export interface Refused {
  readonly status: 400 | 403 | 405 | 415 | 421;
  readonly why: string;
}

/** By port, as cookies of 127.0.0.1 are shared between all of them. */
export const cookieName = (port: number): string => `blackout-${port}`;

/**
 * Whether a request may be answered; null: it may. Every other user and every program of this machine reaches loopback, and
 * so does every web page that its user visits: by a form, a WebSocket, or a name that it lets point here (DNS rebinding).
 * So a request must be for us by name, bear the cookie that only the printed address gives, and not be sent by another
 * site's page. What changes something must also come from our own page, and show what only that page knows.
 */
export function refusalOf(asked: Asked, keys: Keys, port: number): Refused | null {
  if (!isOurs(asked.host, port)) return { status: 421, why: "this is not that host" };
  if (asked.fetchSite !== null && !["same-origin", "none"].includes(asked.fetchSite)) {
    return { status: 403, why: "another site's page asks" };
  }
  if (!hasCookie(asked.cookie, cookieName(port), keys.cookie)) {
    return { status: 403, why: "open the address that the terminal shows" };
  }
  if (asked.upgrade) return foreignOrigin(asked);
  if (asked.method === "POST") return refusalOfPost(asked, keys);
  if (asked.method !== "GET" && asked.method !== "HEAD") {
    return { status: 405, why: "only reading is allowed" };
  }
  return null;
}

/** Whether it opens the address that the terminal shows. */
export const isKnock = (
  asked: Pick<Asked, "method" | "path" | "host">,
  token: string | null,
  { keys, port }: { readonly keys: Keys; readonly port: number },
): boolean =>
  asked.method === "GET" &&
  asked.path === "/" &&
  isOurs(asked.host, port) &&
  isSame(token ?? "", keys.link);

function refusalOfPost(asked: Asked, keys: Keys): Refused | null {
  const foreign = foreignOrigin(asked);
  if (foreign !== null) return foreign;
  if (asked.fetchSite !== "same-origin") return { status: 403, why: "not sent by our own page" };
  if (!isSame(asked.pageToken ?? "", keys.page)) return { status: 403, why: "not our own page" };
  if (asked.contentType?.split(";", 1)[0]?.trim() !== "application/json") {
    return { status: 415, why: "JSON is expected" };
  }
  return null;
}

const foreignOrigin = ({ origin, host }: Asked): Refused | null =>
  origin === `http://${host ?? ""}` ? null : { status: 403, why: "another origin" };

/** Browsers leave the usual port out. */
const isOurs = (host: string | null, port: number): boolean =>
  ["127.0.0.1", "localhost"].some(
    (name) => host === `${name}:${port}` || (port === 80 && host === name),
  );

/** `a=1; blackout-7878=...`. */
function hasCookie(header: string | null, name: string, value: string): boolean {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim());
  return pairs.some(
    (pair) => pair.startsWith(`${name}=`) && isSame(pair.slice(name.length + 1), value),
  );
}

/** In a time that does not tell how much of it is right. */
function isSame(shown: string, secret: string): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
