/** Who may import whom. Lower folders never know about higher ones. */
const layer = {
  base: [],
  model: ["base"],
  contracts: ["base", "model"],
  config: ["base", "model", "contracts"],
  twin: ["base", "model", "contracts"],
  analysis: ["base", "model", "contracts", "twin"],
  reporters: ["base", "model", "contracts"],
  platform: ["base", "model", "contracts"],
  store: ["base", "model", "contracts"],
  clients: ["base", "model", "contracts"],
  probe: ["base", "model", "contracts"],
  clusters: ["base", "model", "contracts", "clients"],
  faults: ["base", "model", "contracts", "clients"],
  study: ["base", "model", "contracts"],
  lab: ["base", "model", "contracts", "twin"],
  live: ["base", "model", "contracts", "analysis", "twin"],
  ui: ["base", "model", "live"],
};
const only = (folder, allowed) => ({
  name: `${folder}-imports-only-its-layer`,
  severity: "error",
  comment: `src/${folder} may import ${[folder, ...allowed].join(", ")} and nothing else of ours.`,
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
});
module.exports = {
  forbidden: [
    ...Object.entries(layer).map(([folder, allowed]) => only(folder, allowed)),
    {
      name: "no-circular",
      severity: "error",
      comment: "A circle means two modules are really one.",
      from: {},
      to: { circular: true },
    },
    {
      name: "the-core-does-no-io",
      severity: "error",
      comment:
        "Sockets, files, processes, timers and clocks belong to the edges: platform, store, clients, probe, clusters, faults, lab, cli.",
      from: { path: "^src/(base|model|contracts|config|analysis|reporters|twin|study|live)/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(util|path|buffer|zlib)(/|$)" },
    },
    {
      name: "drivers-do-not-know-each-other",
      severity: "error",
      comment:
        "Proxmox VE and Kubernetes meet only above their folders, in drivers, twin and lab alike.",
      from: { path: "^src/(clusters|twin|lab)/(proxmox|kubernetes)/" },
      to: { path: "^src/$1/(proxmox|kubernetes)/", pathNot: "^src/$1/$2/" },
    },
    {
      name: "unknown-folder",
      severity: "error",
      comment: "Every folder under src has a row in the table above.",
      from: { path: "^src/(?!(" + [...Object.keys(layer), "cli"].join("|") + ")/)[^/]+/" },
      to: {},
    },
    {
      name: "nothing-imports-cli",
      severity: "error",
      from: { pathNot: "^src/(bin[.]ts$|cli/)|^test/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "src-imports-only-src",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|scripts)/" },
    },
    {
      name: "scripts-start-the-program",
      severity: "error",
      comment:
        "What makes pictures of the program sees it as users do; of its code it may take helpers.",
      from: { path: "^scripts/" },
      to: { path: "^(src/(?!base/)|test/|bench/)" },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: "^src/(bin|ui/novnc[.]d)[.]ts$" },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(bench|scripts)/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
