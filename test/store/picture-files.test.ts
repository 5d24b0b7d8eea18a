import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exactly } from "../../src/base/interval.ts";
import { origin } from "../../src/base/time.ts";
import { pictureFiles, readPicture } from "../../src/store/picture-files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-frames-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const picture = {
  width: 1000,
  height: 500,
  rgb: new Uint8Array(1000 * 500 * 3).fill(77),
  taken: exactly(origin),
  instance: "pod-1",
};

const sizeOf = async (file: string): Promise<unknown> => {
  const { width, height } = PNG.sync.read(
    Buffer.from((await readPicture(folder, file)) ?? new Uint8Array()),
  );
  return { width, height };
};

describe("pictureFiles", () => {
  it("keeps a picture and a small one for pages, which the report finds by their names", async () => {
    const files = await pictureFiles(folder).keep({ trial: "001-arm-1", when: "before" }, picture);
    expect(files).toEqual({
      file: "frames/001-arm-1-before.png",
      thumbnail: "frames/001-arm-1-before-small.png",
    });
    expect(await sizeOf(files.file)).toEqual({ width: 800, height: 400 });
    expect(await sizeOf(files.thumbnail)).toEqual({ width: 160, height: 80 });
    expect((await readdir(join(folder, "frames"))).toSorted()).toEqual([
      "001-arm-1-before-small.png",
      "001-arm-1-before.png",
    ]);
  });

  it("says what the disk says where there is no place for it", async () => {
    await writeFile(join(folder, "frames"), "no folder");
    await expect(
      pictureFiles(folder).keep({ trial: "001-arm-1", when: "after" }, picture),
    ).rejects.toThrow("frames as a file is there");
  });
});
