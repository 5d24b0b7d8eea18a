import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(import.meta.dirname, "../../desktop/proxmox/make-template.sh");

/** Notes its command line, fails where the test wants it to, and otherwise does what follows. */
const HEAD = `#!/usr/bin/env bash
set -euo pipefail
here=$(dirname "$0")/..
line="$(basename "$0") $*"
printf '%s\\n' "$line" >>"$here/log"
if [[ -n \${FAIL_AT:-} && $line == *"$FAIL_AT"* ]]; then echo "fake failure of $line" >&2; exit 7; fi
`;
const FAKES: Readonly<Record<string, string>> = {
  id: "echo 0",
  hostname: "echo pve1",
  sleep: "true",
  pvesh: `[[ $* != *storage* ]] || echo "\${STORAGE:-}"`,
  genisoimage: `cp "\${@: -2:1}" "$here/user-data"`,
  curl: `while [[ $1 != --output ]]; do shift; done
case $3 in
  */SHA512SUMS) printf '%s  debian-12-generic-amd64.qcow2\\n' "\${CHECKSUM:-$(printf image | sha512sum | cut -d' ' -f1)}" >"$2" ;;
  *) printf image >"$2" ;;
esac`,
  qm: `case $1 in
  create) [[ ! -e $here/description ]] || exit 2; shift 5; printf '%s\\n' "$1" >"$here/description" ;;
  config) cat "$here/description" ;;
  status) echo "status: \${STATUS:-stopped}" ;;
  destroy) rm "$here/description" ;;
esac`,
};

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** A folder of programs that look like a Proxmox VE node's, and make-template.sh run with nothing else in their place. */
export class FakePveNode {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<FakePveNode> {
    const folder = await mkdtemp(join(tmpdir(), "blackout-fake-pve-"));
    await mkdir(join(folder, "bin"));
    for (const [name, body] of Object.entries(FAKES)) {
      const file = join(folder, "bin", name);
      await writeFile(file, `${HEAD}${body}\n`);
      await chmod(file, 0o755);
    }
    return new FakePveNode(folder);
  }

  async run(
    arguments_: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    await writeFile(join(this.#folder, "log"), "");
    const before = await workFolders();
    const outcome = await new Promise<Outcome>((resolve) => {
      const options = {
        env: {
          PATH: `${join(this.#folder, "bin")}:${process.env["PATH"] ?? ""}`,
          STORAGE: '{"active":1,"shared":"1","content":"rootdir,images"}',
          ...environment,
        },
      };
      execFile(SCRIPT, arguments_, options, (error, out, said) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, said });
      });
    });
    if ((await workFolders()).length > before.length) throw new Error("a work folder is left");
    return outcome;
  }

  /** Puts a machine there that somebody else has made. */
  async occupy(description: string): Promise<void> {
    await writeFile(join(this.#folder, "description"), description);
  }

  /** The description of the machine; null when there is none. */
  async machine(): Promise<string | null> {
    return await readFile(join(this.#folder, "description"), "utf8").catch(() => null);
  }

  /** The command lines that were run, in order, without the checks before and the looks in between. */
  async commands(): Promise<readonly string[]> {
    const log = await readFile(join(this.#folder, "log"), "utf8");
    return log
      .split("\n")
      .filter((line) => /^(?:curl|genisoimage|qm (?!config|status))/.test(line));
  }

  /** The user-data that went onto the seed disk. */
  async userData(): Promise<string> {
    return await readFile(join(this.#folder, "user-data"), "utf8");
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

const workFolders = async (): Promise<readonly string[]> =>
  (await readdir("/var/tmp")).filter((name) => name.startsWith("make-template."));
