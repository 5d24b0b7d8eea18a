import { rfbLaws } from "./laws/rfb.ts";
import { FEW, tryLaws } from "./support/run.ts";

tryLaws("RFB", rfbLaws, FEW);
