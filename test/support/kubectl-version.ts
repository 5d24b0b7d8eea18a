import { execFileSync } from "node:child_process";
import { z } from "zod";

const answer = z.object({ clientVersion: z.object({ gitVersion: z.string() }) });

/** Which kubectl stands first in PATH, e.g. `v1.20.2`. */
export function kubectlVersion(): string {
  const text = execFileSync("kubectl", ["version", "--client", "-o", "json"], { encoding: "utf8" });
  return answer.parse(JSON.parse(text)).clientVersion.gitVersion;
}
