import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../run.ts";

export interface ImageSpec {
  /** `repository:tag`. */
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: readonly string[];
}

/** Packs a folder as an image of one layer, in the form of `docker save`. Replaces `target` in one step. */
export async function archiveImage(
  rootFolder: string,
  spec: ImageSpec,
  target: string,
): Promise<void> {
  const folder = `${target}.making`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const layer = join(folder, "layer.tar");
  const reproducible = ["--sort=name", "--mtime=@0", "--numeric-owner", "--owner=0", "--group=0"];
  await run("tar", [...reproducible, "-C", rootFolder, "-cf", layer, "."]);
  const config = {
    architecture: "amd64",
    os: "linux",
    config: { Cmd: spec.command, Env: ["PATH=/usr/bin:/bin", ...spec.environment] },
    rootfs: { type: "layers", diff_ids: [`sha256:${await sha256(layer)}`] },
  };
  const manifest = [{ Config: "config.json", RepoTags: [spec.name], Layers: ["layer.tar"] }];
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  const files = ["manifest.json", "config.json", "layer.tar"];
  await run("tar", ["-C", folder, "-cf", join(folder, "image.tar"), ...files]);
  await rename(join(folder, "image.tar"), target);
  await rm(folder, { recursive: true });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
