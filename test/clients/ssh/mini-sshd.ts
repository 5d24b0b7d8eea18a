import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import ssh2 from "ssh2";
import { newSshKey } from "../../../src/lab/ssh/ssh-key.ts";

/** An SSH server for tests: one user, one key, and a function that says what each command prints. */
export interface MiniSshd {
  readonly port: number;
  /** As the inventory pins it. */
  readonly fingerprint: string;
  readonly commands: string[];
  close(): Promise<void>;
}

export type Reaction =
  | { readonly code: number; readonly stdout?: string; readonly stderr?: string }
  | "hang"
  | "die"
  /** What comes in goes out again. */
  | "echo"
  /** Output that does not end. */
  | "flood";

const host = newSshKey("host");
export const user = newSshKey("user");

export async function startMiniSshd(react: (command: string) => Reaction): Promise<MiniSshd> {
  const commands: string[] = [];
  const clients = new Set<ssh2.Connection>();
  const allowed = ssh2.utils.parseKey(user.publicKey);
  if (allowed instanceof Error) throw allowed;
  const server = new ssh2.Server({ hostKeys: [host.privateKey] }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      const fits =
        context.method === "publickey" && context.key.data.equals(allowed.getPublicSSH());
      if (fits) context.accept();
      else context.reject(["publickey"]);
    });
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec, _reject, { command }) => {
        commands.push(command);
        const reaction = react(command);
        const channel = acceptExec();
        if (reaction === "hang") return;
        if (reaction === "echo") {
          channel.pipe(channel);
          return;
        }
        if (reaction === "flood") {
          const more = (): void => {
            while (channel.writable && channel.write("x".repeat(30_000)));
          };
          channel.on("drain", more);
          more();
          return;
        }
        if (reaction === "die") {
          client.end();
          return;
        }
        channel.write(reaction.stdout ?? "");
        channel.stderr.write(reaction.stderr ?? "");
        channel.exit(reaction.code);
        channel.end();
      });
    });
  });
  // Through a listener of our own, as ssh2's would wait 40 ms for each of its small packets.
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  await new Promise<void>((resolve) => {
    listener.listen(0, "127.0.0.1", resolve);
  });
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    fingerprint: host.fingerprint,
    commands,
    close: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
    },
  };
}
