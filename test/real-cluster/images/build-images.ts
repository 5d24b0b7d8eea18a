import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, harness } from "../repository.ts";
import { run } from "../run.ts";
import { archiveImage } from "./image-archive.ts";
import { DESKTOP_IMAGE, PAUSE_IMAGE } from "./names.ts";
import { copyInstalled } from "./package-files.ts";

/** Whose files the images are made of; a new version of one makes new images. */
const PACKAGES = [
  "busybox-static",
  "libc6",
  "novnc",
  "python3.11-minimal",
  "tigervnc-standalone-server",
  "websockify",
  "xkb-data",
  "xterm",
];

/**
 * What no server needs, and what must not be there: in `dist-packages` lies a half of numpy, which websockify would use
 * if it found the whole of it, and trips over otherwise.
 */
const UNUSED_PYTHON = [
  "config-3.11-x86_64-linux-gnu",
  "dist-packages",
  "ensurepip",
  "idlelib",
  "lib2to3",
  "pydoc_data",
  "test",
  "tkinter",
];

/** A folder with `pause.tar` and `desktop.tar`, made of what is installed here, once for each set of versions. */
export async function buildImages(): Promise<string> {
  const folder = join(cacheFolder(), `images-${await fingerprint()}`);
  if (existsSync(folder)) return folder;
  const making = await mkdtemp(join(cacheFolder(), "making-"));
  try {
    await buildPause(making);
    await buildDesktop(making);
    // Another harness may have made the same ones meanwhile.
    if (!existsSync(folder)) await rename(join(making, "images"), folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

async function fingerprint(): Promise<string> {
  const versions = await run("dpkg-query", ["-W", ...PACKAGES]);
  const sources = ["build-images", "image-archive", "package-files", "desktop"].map(
    async (name) =>
      await readFile(join(harness, "images", name === "desktop" ? "desktop.sh" : `${name}.ts`)),
  );
  const hash = createHash("sha256").update(versions);
  for (const source of await Promise.all(sources)) hash.update(source);
  return hash.digest("hex").slice(0, 16);
}

async function buildPause(making: string): Promise<void> {
  const root = await emptyRoot(join(making, "pause"));
  await copyFile("/usr/bin/busybox", join(root, "usr/bin/busybox"));
  const command = ["/usr/bin/busybox", "sleep", "infinity"];
  const spec = { name: PAUSE_IMAGE, command, environment: [] };
  await archiveImage(root, spec, join(making, "images/pause.tar"));
}

async function buildDesktop(making: string): Promise<void> {
  const root = await emptyRoot(join(making, "desktop"));
  await copyInstalled(root, {
    programs: ["busybox", "Xtigervnc", "xkbcomp", "xterm", "python3.11"].map(
      (name) => `/usr/bin/${name}`,
    ),
    folders: [
      "/usr/lib/python3.11",
      "/usr/lib/python3/dist-packages/websockify",
      "/usr/share/novnc",
      "/usr/share/X11/xkb",
    ],
  });
  for (const unused of UNUSED_PYTHON) {
    await rm(join(root, "usr/lib/python3.11", unused), { recursive: true, force: true });
  }
  for (const name of ["sh", "sleep", "hostname"]) {
    await symlink("busybox", join(root, "usr/bin", name));
  }
  await symlink("python3.11", join(root, "usr/bin/python3"));
  await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  const start = join(root, "usr/bin/start-desktop");
  await copyFile(join(harness, "images/desktop.sh"), start);
  await chmod(start, 0o755);
  const spec = {
    name: DESKTOP_IMAGE,
    command: ["/usr/bin/start-desktop"],
    environment: ["HOME=/root"],
  };
  await archiveImage(root, spec, join(making, "images/desktop.tar"));
}

/** With the links of a merged /usr. */
async function emptyRoot(root: string): Promise<string> {
  for (const folder of ["usr/bin", "usr/lib", "usr/lib64", "etc", "root", "tmp", "run", "var"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, "tmp"), 0o1777);
  for (const link of ["bin", "lib", "lib64"]) await symlink(`usr/${link}`, join(root, link));
  await mkdir(join(root, "../images"), { recursive: true });
  return root;
}
