import { createServer } from "node:http";
import type { ServeDesktop } from "./desktop.ts";
import { handleDesktopRequest, handleDesktopUpgrade } from "./desktop-http.ts";

/** A desktop on a port of its own, as websockify serves it from inside a guest or a pod. */
export const serveDesktop: ServeDesktop = async (host, port, desktop) => {
  const server = createServer((request, response) => {
    handleDesktopRequest(request, response, desktop);
  });
  server.on("upgrade", (request, socket, head) => {
    handleDesktopUpgrade(request, socket, head, desktop);
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  await host.listen(port, (socket) => {
    server.emit("connection", socket);
  });
};
