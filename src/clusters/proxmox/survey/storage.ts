import { z } from "zod";
import { parse } from "../../../clients/shared/parse.ts";
import { storageResources, vmResources } from "../../../clients/proxmox/replies.ts";
import type { VmResource } from "../../../clients/proxmox/replies.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok, problem } from "../../../model/survey.ts";
import { whatTiesItToItsNode } from "../movable.ts";

const contents = z.array(z.looseObject({ content: z.string().default("") }));

/** Names of the storages that all nodes share and that take disks of guests. */
export function sharedStorages(data: unknown): readonly string[] {
  const storages = parse(storageResources, data, "GET /cluster/resources");
  const what = parse(contents, data, "GET /cluster/resources");
  const fitting = storages.filter(
    (each, index) => each.shared && (what[index]?.content ?? "").split(",").includes("images"),
  );
  return [...new Set(fitting.map(({ storage }) => storage))].toSorted();
}

export function judgeStorage(cluster: string, shared: readonly string[]): readonly Finding[] {
  const about = { topic: "storage", subject: cluster } as const;
  if (shared.length > 0) return [ok(about, `shared storage for disks: ${shared.join(", ")}`)];
  return [
    problem(about, "no storage with disk images is shared, as far as the token may see", {
      needs:
        "shared storage, and Datastore.Audit on it: HA starts a desktop elsewhere from its own disk",
    }),
  ];
}

/** Templates are rarely many; these are looked into. */
const MOST_TEMPLATES = 10;

export const templatesIn = (data: unknown): readonly VmResource[] =>
  parse(vmResources, data, "GET /cluster/resources")
    .filter((vm) => vm.type === "qemu" && vm.template)
    .toSorted((a, b) => a.vmid - b.vmid)
    .slice(0, MOST_TEMPLATES);

/** Configurations by VMID; one that could not be read is missing. `shared` null: not known. */
export function judgeTemplates(
  cluster: string,
  templates: readonly VmResource[],
  configs: ReadonlyMap<number, Readonly<Record<string, string | number>>>,
  shared: readonly string[] | null,
): readonly Finding[] {
  if (templates.length === 0) {
    return [
      note({ topic: "template", subject: cluster }, "no VM template, as far as the token may see", {
        needs: "a template to clone desktops from (qm template), or desktop.source: existing",
      }),
    ];
  }
  return templates.map((template) => {
    const { vmid, name, node } = template;
    const about = { topic: "template", subject: String(vmid) } as const;
    const config = configs.get(vmid);
    if (config === undefined || shared === null) {
      return note(about, `${name} on ${node}; where its disks lie cannot be known`);
    }
    const ties = whatTiesItToItsNode(config, new Set(shared));
    return ties.length === 0
      ? ok(about, `${name} on ${node}; its clones may start on any node`)
      : note(
          about,
          `${name} on ${node}; clones of it could not start elsewhere: ${ties.join("; ")}`,
          {
            needs:
              "its disks on shared storage (the cloud-init volume too), and no passed-through devices",
          },
        );
  });
}
