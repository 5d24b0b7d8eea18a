import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EnvironmentSecrets } from "../../src/platform/environment-secrets.ts";
import { SecretScrubber } from "../../src/platform/secret-scrubber.ts";

let folder = "";
let warnings: string[] = [];
let scrubber = new SecretScrubber();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-secrets-"));
  warnings = [];
  scrubber = new SecretScrubber();
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const warn = (message: string): void => void warnings.push(message);
const secrets = (environment: Readonly<Record<string, string>> = {}): EnvironmentSecrets =>
  new EnvironmentSecrets({ environment, scrubber, strict: false, warn });

async function file(content: string, mode = 0o600) {
  const path = join(folder, "secret");
  await writeFile(path, content);
  await chmod(path, mode);
  return { kind: "file", path } as const;
}

describe("EnvironmentSecrets", () => {
  it("reads a variable, and from then on scrubs it", async () => {
    const value = await secrets({ TOKEN: "s3cr3t" }).resolve({ kind: "env", name: "TOKEN" });
    expect(value).toBe("s3cr3t");
    expect(scrubber.scrub("Authorization: s3cr3t!")).toBe("Authorization: ***!");
  });

  it("a variable that is not set is named with its cure", async () => {
    await expect(secrets().resolve({ kind: "env", name: "TOKEN" })).rejects.toMatchObject({
      code: "configuration",
      message:
        "Cannot read the secret env:TOKEN as that variable is not set; set it: export TOKEN=...",
    });
  });

  it.each([
    ["word\n", "word"],
    ["word\r\n", "word"],
    ["word\n\n", "word\n"],
    ["two words ", "two words "],
  ])("of a file %j one newline at the end is left out", async (content, expected) => {
    expect(await secrets().resolve(await file(content))).toBe(expected);
    expect(warnings).toEqual([]);
  });

  it("under --strict refuses a file that others may read, and says how to mend it", async () => {
    const strict = new EnvironmentSecrets({ environment: {}, scrubber, strict: true, warn });
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      const reference = await file("word", mode);
      await expect(strict.resolve(reference)).rejects.toMatchObject({
        code: "configuration",
        message: expect.stringContaining(`run: chmod 600 ${reference.path}`),
      });
    }
    expect(warnings).toEqual([]);
    expect(await strict.resolve(await file("word", 0o600))).toBe("word");
  });

  it("warns once of a file that others may read", async () => {
    const reference = await file("word", 0o640);
    const store = secrets();
    await store.resolve(reference);
    await store.resolve(reference);
    expect(warnings).toEqual([
      `The secret file ${reference.path} is open to others (mode 640); run: chmod 600 ${reference.path}`,
    ]);
  });

  it("a file that is missing, empty, too large or a folder is named with its cure", async () => {
    const gone = { kind: "file", path: join(folder, "gone") } as const;
    await expect(secrets().resolve(gone)).rejects.toMatchObject({
      code: "configuration",
      message: `Cannot read the secret file:${gone.path} as there is no such file; create that file with mode 600, or name another one`,
    });
    await expect(secrets().resolve(await file("\n"))).rejects.toThrow("as it is empty");
    await expect(secrets().resolve(await file("x".repeat(70_000)))).rejects.toThrow("64 KiB");
    await expect(secrets().resolve({ kind: "file", path: folder })).rejects.toThrow(
      "no regular file",
    );
  });
});

describe("SecretScrubber", () => {
  it("takes out the longest secret first, and every form that it may appear in", () => {
    scrubber.add("abcd");
    scrubber.add("abcdef");
    scrubber.add('p"ss wörd');
    expect(scrubber.scrub("abcdef abcd")).toBe("*** ***");
    expect(scrubber.scrub(`?p=${encodeURIComponent('p"ss wörd')}`)).toBe("?p=***");
    expect(scrubber.scrub(JSON.stringify({ password: 'p"ss wörd' }))).toBe('{"password":"***"}');
  });

  it("takes out what base64 of any text around it shows of it, as basic authentication has it", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 7 }),
        fc.stringMatching(/^[a-zA-Z0-9$.+/-]{8,20}$/),
        fc.constantFrom<["base64", "base64url"]>("base64", "base64url"),
        (around, secret, encoding) => {
          const own = new SecretScrubber();
          own.add(secret);
          const bytes = Buffer.concat([around, Buffer.from(secret), around]);
          const shown = own.scrub(bytes.toString(encoding));
          expect(shown).toContain("***");
          // At its ends as much stays as a neighbour has a share in.
          expect(shown.length).toBeLessThanOrEqual(4 * Math.ceil((2 * around.length) / 3) + 15);
        },
      ),
      { seed: 9 },
    );
  });

  it("takes out single lines of a key, but not its banner", () => {
    scrubber.add("-----BEGIN KEY-----\nAAAAB3NzaC1yc2E\nBBBB5555\n-----END KEY-----");
    expect(scrubber.scrub("-----BEGIN KEY----- AAAAB3NzaC1yc2E")).toBe("-----BEGIN KEY----- ***");
  });

  it("takes out lines without their indentation, and what one plain line makes of a secret", () => {
    scrubber.add(
      "key: |\n  -----BEGIN KEY-----\n  AAAAB3NzaC1yc2E \n\tBBBB  5555\n  -----END KEY-----\n",
    );
    expect(scrubber.scrub("read AAAAB3NzaC1yc2E, BBBB 5555")).toBe("read ***, ***");
    expect(
      scrubber.scrub("key: | -----BEGIN KEY----- AAAAB3NzaC1yc2E BBBB 5555 -----END KEY-----"),
    ).toBe("***");
    expect(scrubber.scrub("-----BEGIN KEY-----")).toBe("-----BEGIN KEY-----");
  });

  it("leaves text alone where a secret is too short to be one", () => {
    scrubber.add("a");
    expect(scrubber.scrub("a cat")).toBe("a cat");
  });

  it("no secret of four or more letters survives, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.stringMatching(/^[a-z0-9$.]{4,20}$/),
        fc.string(),
        (a, secret, b) => {
          const own = new SecretScrubber();
          own.add(secret);
          expect(own.scrub(`${a}${secret}${b}`)).not.toContain(secret);
        },
      ),
      { seed: 5 },
    );
  });
});
