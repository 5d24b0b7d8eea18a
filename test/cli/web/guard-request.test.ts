import { describe, expect, it } from "vitest";
import type { Asked } from "../../../src/cli/web/guard-request.ts";
import { isKnock, refusalOf } from "../../../src/cli/web/guard-request.ts";

const PORT = 7878;
const keys = { link: "link-secret", cookie: "cookie-secret", page: "page-secret" };
const here = `127.0.0.1:${PORT}`;

const read: Asked = {
  method: "GET",
  path: "/",
  host: here,
  origin: null,
  cookie: `other=1; blackout-${PORT}=cookie-secret`,
  fetchSite: "none",
  contentType: null,
  pageToken: null,
  upgrade: false,
};
const post: Asked = {
  ...read,
  method: "POST",
  path: "/api/abort",
  origin: `http://${here}`,
  fetchSite: "same-origin",
  contentType: "application/json",
  pageToken: "page-secret",
};
const upgrade: Asked = { ...read, upgrade: true, origin: `http://${here}`, fetchSite: null };

const status = (asked: Asked): number | null => refusalOf(asked, keys, PORT)?.status ?? null;

describe("refusalOf", () => {
  it.each<readonly [string, Asked]>([
    ["a page that the user opens", read],
    ["the same by the other name of this machine", { ...read, host: `localhost:${PORT}` }],
    ["a browser that does not say who asks", { ...read, fetchSite: null }],
    ["what our own page fetches", { ...read, fetchSite: "same-origin" }],
    ["HEAD", { ...read, method: "HEAD" }],
    ["an abort by our own page", post],
    ["JSON with a charset", { ...post, contentType: "application/json; charset=utf-8" }],
    ["a WebSocket of our own page", upgrade],
  ])("lets in %s", (_what, asked) => {
    expect(status(asked)).toBeNull();
  });

  it.each<readonly [string, Partial<Asked>, number]>([
    ["a name that was made to point here", { host: `evil.example:${PORT}` }, 421],
    ["another port's name", { host: "127.0.0.1:80" }, 421],
    ["a name with ours in it", { host: `${here}.evil.example` }, 421],
    ["no name at all", { host: null }, 421],
    ["somebody without the cookie", { cookie: null }, 403],
    ["a cookie of another value", { cookie: `blackout-${PORT}=guess` }, 403],
    ["an empty cookie", { cookie: `blackout-${PORT}=` }, 403],
    ["the cookie of another port", { cookie: "blackout-80=cookie-secret" }, 403],
    ["the link's token as a cookie", { cookie: `blackout-${PORT}=link-secret` }, 403],
    ["another site's page", { fetchSite: "cross-site" }, 403],
    ["another port's page", { fetchSite: "same-site" }, 403],
    ["PUT", { method: "PUT" }, 405],
    ["DELETE", { method: "DELETE" }, 405],
    ["OPTIONS, as before a request across origins", { method: "OPTIONS" }, 405],
  ])("turns away %s", (_what, other, expected) => {
    expect(status({ ...read, ...other })).toBe(expected);
  });

  it.each<readonly [string, Partial<Asked>, number]>([
    ["by another origin", { origin: "http://evil.example" }, 403],
    ["by another port", { origin: "http://127.0.0.1:80" }, 403],
    ["by the same place over TLS", { origin: `https://${here}` }, 403],
    ["by a page without an origin", { origin: "null" }, 403],
    ["without an origin", { origin: null }, 403],
    ["by our other name's origin", { origin: `http://localhost:${PORT}` }, 403],
    ["that nobody says where it comes from", { fetchSite: null }, 403],
    ["typed by the user as an address", { fetchSite: "none" }, 403],
    ["without the page's token", { pageToken: null }, 403],
    ["with another token", { pageToken: "cookie-secret" }, 403],
    ["as a form", { contentType: "application/x-www-form-urlencoded" }, 415],
    ["as plain text, which needs no preflight", { contentType: "text/plain" }, 415],
    ["without the cookie", { cookie: null }, 403],
    ["to another name", { host: "evil.example", origin: "http://evil.example" }, 421],
  ])("turns away an abort %s", (_what, other, expected) => {
    expect(status({ ...post, ...other })).toBe(expected);
  });

  it.each<readonly [string, Partial<Asked>, number]>([
    ["another origin", { origin: "http://evil.example" }, 403],
    ["no browser", { origin: null }, 403],
    ["somebody without the cookie", { cookie: null }, 403],
    [
      "a rebound name",
      { host: `evil.example:${PORT}`, origin: `http://evil.example:${PORT}` },
      421,
    ],
  ])("turns away a WebSocket of %s", (_what, other, expected) => {
    expect(status({ ...upgrade, ...other })).toBe(expected);
  });
});

describe("isKnock", () => {
  const at = { keys, port: PORT };
  it("knows the address that the terminal shows, and no other", () => {
    expect(isKnock(read, "link-secret", at)).toBe(true);
    expect(isKnock({ ...read, cookie: null } as Asked, "link-secret", at)).toBe(true);
    expect(isKnock(read, "cookie-secret", at)).toBe(false);
    expect(isKnock(read, "", at)).toBe(false);
    expect(isKnock(read, null, at)).toBe(false);
    expect(isKnock({ ...read, path: "/api/events" }, "link-secret", at)).toBe(false);
    expect(isKnock({ ...read, method: "POST" }, "link-secret", at)).toBe(false);
    expect(isKnock({ ...read, host: `evil.example:${PORT}` }, "link-secret", at)).toBe(false);
  });
});
