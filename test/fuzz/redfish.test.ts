import { redfishLaws } from "./laws/redfish.ts";
import { FEW, tryLaws } from "./support/run.ts";

tryLaws("Redfish", redfishLaws, FEW);
