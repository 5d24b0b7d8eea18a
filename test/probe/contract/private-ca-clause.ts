import { expect, it } from "vitest";
import { resultAt } from "../attempts.ts";
import { makeTrust } from "../certificates.ts";
import type { Clause } from "./subject.ts";

/** For desktops whose certificate is signed by a CA that only their owner knows. */
export const privateCaClause: Clause = (desktop) => {
  it("is not trusted by another CA, nor by the system's", async () => {
    const { ca } = await makeTrust("localhost");
    for (const ca_pem of [ca, null]) {
      expect(await resultAt({ ...desktop().endpoint, ca_pem })).toMatchObject({
        reached: "tcp",
        failure: { kind: "tls" },
      });
    }
  });
};
