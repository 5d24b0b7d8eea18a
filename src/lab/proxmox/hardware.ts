/** What one node of the lab is made of. Nothing in the model depends on it; the API has to say something. */
export const NODE_HARDWARE = {
  cpus: 8,
  memory_bytes: 34_359_738_368,
  memory_used_bytes: 6_442_450_944,
  root_bytes: 107_374_182_400,
  root_used_bytes: 10_737_418_240,
  cpu_load: 0.04,
} as const;

export interface LabStorage {
  readonly storage: string;
  readonly type: string;
  readonly shared: 0 | 1;
  readonly content: string;
  readonly total: number;
  readonly used: number;
}

/** One storage of each node's own, and one that all share: a VM on the first could not start elsewhere. */
export const STORAGES: readonly LabStorage[] = [
  {
    storage: "local",
    type: "dir",
    shared: 0,
    content: "images,iso,backup,rootdir,snippets,vztmpl",
    total: NODE_HARDWARE.root_bytes,
    used: NODE_HARDWARE.root_used_bytes,
  },
  {
    storage: "ceph",
    type: "rbd",
    shared: 1,
    content: "images,rootdir",
    total: 1_099_511_627_776,
    used: 109_951_162_777,
  },
];
