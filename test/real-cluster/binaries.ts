import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { cacheFolder, repository } from "./repository.ts";
import { run } from "./run.ts";

const PROGRAMS = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
];

/** Beside the repository, and beside the folder of a second working tree. */
const SHELVES = ["../shared/real-kubernetes", "../../shared/real-kubernetes"];

/** Where Kubernetes' programs may come from; null when there are none, which `build-kubernetes.sh` can change. */
export type BinarySource =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "archive"; readonly path: string };

/** `BLACKOUT_KUBE_BIN`, else what the build script has made, else an archive beside the repository. */
export function findBinaries(): BinarySource | null {
  const named = process.env["BLACKOUT_KUBE_BIN"];
  for (const path of named === undefined ? [builtFolder()] : [named]) {
    if (PROGRAMS.every((program) => existsSync(join(path, program))))
      return { kind: "folder", path };
  }
  if (named !== undefined) return null;
  const [path] = SHELVES.map((shelf) => join(repository, shelf))
    .filter((shelf) => existsSync(shelf))
    .flatMap((shelf) => readdirSync(shelf).map((name) => join(shelf, name)))
    .filter((file) => file.endsWith(".tar.xz"));
  return path === undefined ? null : { kind: "archive", path };
}

/** A folder with the programs; an archive is unpacked once. */
export async function binariesFrom(source: BinarySource): Promise<string> {
  if (source.kind === "folder") return source.path;
  const folder = join(cacheFolder(), basename(source.path, ".tar.xz"));
  if (existsSync(folder)) return folder;
  const making = await mkdtemp(join(cacheFolder(), "making-"));
  await run("tar", ["-xJf", source.path, "-C", making], { longestMs: 300_000 });
  await rename(making, folder).catch(async () => await rm(making, { recursive: true }));
  return folder;
}

/** Where `build-kubernetes.sh` puts them. */
const builtFolder = (): string => join(repository, "node_modules/.cache/kubernetes-bin");
