// Loaded into the tool with --import: breaks it at a record of its journal, or its disk, as BLACKOUT_BREAK says (breaks.ts).
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const wish = JSON.parse(process.env.BLACKOUT_BREAK ?? "{}");
const handle = await fs.promises.open(import.meta.filename);
const { appendFile, writeFile, sync } = Object.getPrototypeOf(handle);
await handle.close();
let full = false;

Object.assign(Object.getPrototypeOf(handle), {
  async appendFile(data, ...rest) {
    if (isWished(data)) await breakAt(this, data);
    failIfFull();
    await appendFile.call(this, data, ...rest);
    if (isWished(data) && wish.kind === "signal") process.kill(process.pid, wish.signal);
    if (isWished(data) && wish.kind === "kill") await die();
    if (isWished(data) && wish.kind === "kill-later")
      setTimeout(() => void die(), wish.later_ms).unref();
  },
  async writeFile(...data) {
    failIfFull();
    return await writeFile.apply(this, data);
  },
  async sync() {
    failIfFull();
    return await sync.call(this);
  },
});
if (wish.kind === "read-only") readOnly(wish.folder);

async function breakAt(file, data) {
  if (wish.kind === "full") full = true;
  if (wish.kind !== "kill" || wish.written === "all") return;
  if (wish.written === "half") {
    await appendFile.call(file, data.slice(0, Math.floor(data.length / 2)));
  }
  await die();
}

function isWished(data) {
  const record = recordIn(data);
  return record !== null && (record.seq === wish.at || record.event.kind === wish.at);
}

function recordIn(data) {
  try {
    const record = JSON.parse(data);
    return Number.isInteger(record.seq) && typeof record.event?.kind === "string" ? record : null;
  } catch {
    return null;
  }
}

async function die() {
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => undefined);
}

function failIfFull() {
  if (full) throw failure("ENOSPC");
}

/** Root may write wherever it wants, whatever the mode says. */
function readOnly(folder) {
  const { open, mkdir, access } = fs.promises;
  const below = (path) => String(path).indexOf(folder) === 0;
  fs.promises.open = async (path, flags = "r", ...rest) => {
    if (below(path) && flags !== "r") throw failure("EROFS");
    return await open(path, flags, ...rest);
  };
  fs.promises.mkdir = async (path, ...rest) => {
    if (below(path)) await access(path).catch(() => Promise.reject(failure("EROFS")));
    return await mkdir(path, ...rest);
  };
  syncBuiltinESMExports();
}

const failure = (code) => Object.assign(new Error(`${code}: pretended`), { code });
