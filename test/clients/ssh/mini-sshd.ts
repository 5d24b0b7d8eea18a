import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import ssh2 from "ssh2";

/** An SSH server for tests: one user, one key, and a function that says what each command prints. */
export interface MiniSshd {
  readonly port: number;
  /** As the inventory pins it. */
  readonly fingerprint: string;
  readonly commands: string[];
  close(): Promise<void>;
}

export type Reaction =
  { readonly code: number; readonly stdout?: string; readonly stderr?: string } | "hang" | "die";

const host = ssh2.utils.generateKeyPairSync("ed25519");
export const user = ssh2.utils.generateKeyPairSync("ed25519");

export async function startMiniSshd(react: (command: string) => Reaction): Promise<MiniSshd> {
  const commands: string[] = [];
  const clients = new Set<ssh2.Connection>();
  const allowed = ssh2.utils.parseKey(user.public);
  if (allowed instanceof Error) throw allowed;
  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
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
  const parsed = ssh2.utils.parseKey(host.public);
  if (parsed instanceof Error) throw parsed;
  const digest = createHash("sha256").update(parsed.getPublicSSH()).digest("base64");
  return {
    port,
    fingerprint: `SHA256:${digest.replaceAll("=", "")}`,
    commands,
    close: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
    },
  };
}
