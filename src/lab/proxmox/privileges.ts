const granted = (names: string): Readonly<Record<string, 1>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, 1 as const]));

/** What an administrator may do, by area, as a login answers it. */
export const ADMINISTRATOR = {
  access: granted("User.Modify Permissions.Modify Group.Allocate"),
  dc: granted("SDN.Allocate SDN.Audit SDN.Use Sys.Audit Sys.Modify"),
  mapping: granted("Mapping.Audit Mapping.Modify Mapping.Use Permissions.Modify"),
  nodes: granted(
    "Permissions.Modify Sys.AccessNetwork Sys.Audit Sys.Console Sys.Incoming Sys.Modify Sys.PowerMgmt Sys.Syslog",
  ),
  sdn: granted("Permissions.Modify SDN.Allocate SDN.Audit SDN.Use"),
  storage: granted(
    "Datastore.Allocate Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit Permissions.Modify",
  ),
  vms: granted(
    "Permissions.Modify VM.Allocate VM.Audit VM.Backup VM.Clone VM.Config.CDROM VM.Config.CPU VM.Config.Cloudinit " +
      "VM.Config.Disk VM.Config.HWType VM.Config.Memory VM.Config.Network VM.Config.Options VM.Console " +
      "VM.GuestAgent.Audit VM.GuestAgent.FileRead VM.GuestAgent.FileSystemMgmt VM.GuestAgent.FileWrite " +
      "VM.GuestAgent.Unrestricted VM.Migrate VM.PowerMgmt VM.Replicate VM.Snapshot VM.Snapshot.Rollback",
  ),
} as const;
