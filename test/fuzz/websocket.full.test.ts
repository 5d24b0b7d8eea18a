import { webSocketLaws } from "./laws/websocket.ts";
import { MANY, tryLaws } from "./support/run.ts";

tryLaws("WebSocket and page", webSocketLaws, MANY);
