import { rmcpLaws } from "./laws/rmcp.ts";
import { MANY, tryLaws } from "./support/run.ts";

tryLaws("RMCP+", rmcpLaws, MANY);
