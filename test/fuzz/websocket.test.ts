import { webSocketLaws } from "./laws/websocket.ts";
import { FEW, tryLaws } from "./support/run.ts";

tryLaws("WebSocket and page", webSocketLaws, FEW);
