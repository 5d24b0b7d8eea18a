// `npm run real-cluster`, after tsc: starts the compiled cluster. Below node_modules the repository's own package.json
// does not count, so that the folder needs one that says that these are modules. Others may be starting: it is never
// seen half-written.
import { renameSync, writeFileSync } from "node:fs";

const compiled = new URL("../../node_modules/.cache/real-cluster/", import.meta.url);
const made = new URL(`package.json.${process.pid}`, compiled);
writeFileSync(made, '{ "type": "module" }\n');
renameSync(made, new URL("package.json", compiled));
await import(new URL("test/real-cluster/up.js", compiled).href);
