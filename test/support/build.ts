import { execFileSync } from "node:child_process";

/** Compiles once before the tests, since those of the command line and of the lab start the built program. */
export default function setup(): void {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    stdio: "inherit",
  });
}
