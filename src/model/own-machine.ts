/** The machine that this program runs on, as far as the program may know it. */
export interface OwnMachine {
  /** Of the running kernel: a container has its host's. Null where the system does not tell. */
  readonly boot_id: string | null;
  /** `/etc/machine-id`: of the installed system; clones may share it. */
  readonly machine_id: string | null;
  /** Of its network interfaces, loopback aside. */
  readonly addresses: readonly string[];
  /** Next hops of its routes: whoever kills one is cut off. */
  readonly gateways: readonly string[];
  /** Where the user's login comes from (SSH_CONNECTION): a jump host, perhaps. Null: not over SSH. */
  readonly login_from: string | null;
}
