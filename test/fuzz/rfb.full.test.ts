import { rfbLaws } from "./laws/rfb.ts";
import { MANY, tryLaws } from "./support/run.ts";

tryLaws("RFB", rfbLaws, MANY);
