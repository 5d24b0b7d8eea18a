import { rmcpLaws } from "./laws/rmcp.ts";
import { FEW, tryLaws } from "./support/run.ts";

tryLaws("RMCP+", rmcpLaws, FEW);
