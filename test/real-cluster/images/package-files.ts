import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "../run.ts";

/**
 * Copies installed programs with every library that they are linked against, and whole folders, to the same places
 * below `rootFolder`. Python's extensions count as programs.
 */
export async function copyInstalled(
  rootFolder: string,
  what: { readonly programs: readonly string[]; readonly folders: readonly string[] },
): Promise<void> {
  const extensions = await Promise.all(
    what.folders.map(async (folder) => await run("find", [folder, "-name", "*.so", "-type", "f"])),
  );
  const linked = [...what.programs, ...extensions.join("").split("\n")].filter(
    (each) => each !== "",
  );
  const libraries = new Set((await Promise.all(linked.map(librariesOf))).flat());
  for (const folder of what.folders) await copy(rootFolder, folder, ["-a"]);
  for (const file of [...what.programs, ...libraries]) await copy(rootFolder, file, ["-aL"]);
}

async function copy(rootFolder: string, path: string, flags: readonly string[]): Promise<void> {
  const target = join(rootFolder, path);
  await mkdir(dirname(target), { recursive: true });
  await run("cp", [...flags, "-T", path, target]);
}

/** By their place under /usr, where Debian's /lib and /lib64 lead to. A static program has none. */
async function librariesOf(program: string): Promise<readonly string[]> {
  if ((await readFile(program)).subarray(0, 4).toString("latin1") !== "\u007fELF") return [];
  const list = await run("ldd", [program]).catch(() => "");
  return [...list.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gmu)].map(([, path = ""]) =>
    path.replace(/^\/lib/u, "/usr/lib"),
  );
}
