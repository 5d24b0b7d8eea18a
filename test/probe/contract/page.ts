import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Page {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** noVNC's page from a web server, for where the WebSocket is served by something else. */
async function servePage(): Promise<Page> {
  const server = createServer((_request, response) => response.end("<title>noVNC</title>"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/vnc.html`,
    stop: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Starts something beside a page; when that fails, the page is gone, too. */
export async function withPage<T>(start: (page: Page) => Promise<T>): Promise<T> {
  const page = await servePage();
  try {
    return await start(page);
  } catch (error) {
    await page.stop();
    throw error;
  }
}
