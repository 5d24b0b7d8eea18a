import { get } from "node:http";

/** One GET on a fresh connection, as scripts and most tools make it. Never rejects. */
export async function isGood(url: string, timeout_ms: number, stop: AbortSignal): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => request.destroy(), timeout_ms);
    const done = (good: boolean): void => {
      clearTimeout(timer);
      resolve(good);
      request.destroy();
    };
    const request = get(url, { agent: false, signal: stop }, (response) => {
      response.resume();
      response.once("end", () => done(response.statusCode === 200));
      response.once("close", () => done(false));
    });
    request.once("error", () => done(false));
    request.once("close", () => done(false));
  });
}
