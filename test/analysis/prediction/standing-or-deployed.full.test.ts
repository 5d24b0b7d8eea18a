import { it } from "vitest";
import { expectAlike } from "./standing-or-deployed.ts";

it("2,000 desktops that stand fail over as 2,000 that were deployed, phase by phase", () => {
  expectAlike(2000);
});
