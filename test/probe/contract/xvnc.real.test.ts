import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import { requires } from "../../support/requires.ts";
import { makeTrust } from "../certificates.ts";
import { desktopContract } from "./desktop-contract.ts";
import { withPage } from "./page.ts";
import { passwordClause } from "./password-clause.ts";
import { privateCaClause } from "./private-ca-clause.ts";
import { resizeClause } from "./resize-clause.ts";
import { websockifyWithoutVnc } from "./subject.ts";
import type { Desktop, Subject } from "./subject.ts";
import { PATTERN, startXvnc, withoutPassword, withPassword, xvncPackages } from "./xvnc.ts";

const needed = requires(xvncPackages);
/** Enough to be locked out several times over. */
const SOME = 30;
const withoutVnc = websockifyWithoutVnc;

const subjects: readonly Subject[] = [
  {
    name: "without a password",
    start: async () => await startXvnc([PATTERN, ...withoutPassword]),
    inARow: SOME,
    also: [resizeClause],
    withoutVnc,
  },
  {
    name: "with a VNC password, and the page from another server",
    start: startBesidePage,
    inARow: 1000,
    also: [passwordClause, resizeClause],
    withoutVnc,
  },
  {
    name: "over TLS with a private CA",
    start: startSecure,
    inARow: SOME,
    also: [privateCaClause],
    withoutVnc,
  },
  {
    name: "behind a token",
    start: startBehindToken,
    inARow: SOME,
    also: [resizeClause],
    withoutVnc,
  },
];

describe.skipIf(needed.skip)(`the probe and Xtigervnc behind websockify${needed.note}`, () => {
  for (const subject of subjects) desktopContract(subject);
});

/** Half the work for websockify, which starts a process for each connection. */
async function startBesidePage(): Promise<Desktop> {
  return await withPage(async (page) => {
    const desktop = await startXvnc([PATTERN, ...withPassword]);
    return {
      ...desktop,
      endpoint: { ...desktop.endpoint, page_url: page.url },
      stop: async () => {
        await desktop.stop();
        await page.stop();
      },
    };
  });
}

async function startSecure(): Promise<Desktop> {
  const { ca, key, cert } = await makeTrust("localhost");
  return await startXvnc([PATTERN, ...withoutPassword], {
    options: async (vncPort, folder) => {
      await writeFile(join(folder, "key.pem"), key, { mode: 0o600 });
      await writeFile(join(folder, "cert.pem"), cert);
      return ["--cert", "cert.pem", "--key", "key.pem", "--ssl-only", `127.0.0.1:${vncPort}`];
    },
    query: "",
    ca,
  });
}

async function startBehindToken(): Promise<Desktop> {
  return await startXvnc([PATTERN, ...withoutPassword], {
    options: async (vncPort, folder) => {
      await writeFile(join(folder, "tokens"), `desk: 127.0.0.1:${vncPort}\n`);
      return ["--token-plugin", "TokenFile", "--token-source", join(folder, "tokens")];
    },
    query: "?token=desk",
    ca: null,
  });
}
