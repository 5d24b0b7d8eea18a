/** One physical node of a lab, as its BMC and its SSH server act on it. Played by a twin; nothing real is touched. */
export interface LabMachine {
  readonly name: string;
  /** System UUID: the BMC's GUID and the node's own product_uuid agree. */
  readonly uuid: string;
  isPowered(): boolean;
  /** The operating system is up: SSH answers. */
  isUp(): boolean;
  /** Changes at every boot; `/proc/sys/kernel/random/boot_id`. */
  bootId(): string;
  powerOff(): void;
  powerOn(): void;
  reset(): void;
  panic(): void;
}
