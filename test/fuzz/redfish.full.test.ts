import { redfishLaws } from "./laws/redfish.ts";
import { MANY, tryLaws } from "./support/run.ts";

tryLaws("Redfish", redfishLaws, MANY);
