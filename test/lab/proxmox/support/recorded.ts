import { readdirSync, readFileSync } from "node:fs";

/** One reply of a real PVE 9.2 cluster, as `test/fixtures/pve-api-replies` keeps it. */
export interface Recorded {
  readonly file: string;
  readonly node: string;
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: ReadonlyMap<string, string>;
  readonly requestBody: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const FOLDER = "test/fixtures/pve-api-replies";

/** All recorded HTTP exchanges, WebSocket transcripts and traces aside. */
export const recordedReplies = (): readonly Recorded[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".txt") && !file.includes("vncwebsocket"))
    .toSorted()
    .map((file) => parse(file, readFileSync(`${FOLDER}/${file}`, "latin1")));

function parse(file: string, content: string): Recorded {
  const [request, reply] = splitOnce(content, "\n---- reply ----\n");
  const [comments, rest] = splitComments(request.replaceAll("\r", ""));
  const [head, requestBody] = splitOnce(rest, "\n\n");
  const [requestLine = "", ...requestHeaders] = head.split("\n");
  const [method = "", path = ""] = requestLine.split(" ");
  const [replyHead, body] = splitOnce(reply.replaceAll("\r", ""), "\n\n");
  const [statusLine = "", ...headers] = replyHead.split("\n");
  const [version, outcome] = splitOnce(statusLine, " ");
  if (version !== "HTTP/1.1") throw new Error(`${file} has no status line`);
  const [status, reason] = splitOnce(outcome, " ");
  return {
    file,
    node: /sent to (\S+) at/.exec(comments)?.[1] ?? "",
    method,
    path,
    requestHeaders: headersOf(requestHeaders),
    requestBody: requestBody.trim(),
    status: Number(status),
    reason,
    headers: headersOf(headers),
    body: body.trim(),
  };
}

function splitComments(text: string): [string, string] {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => !line.startsWith("#"));
  return [lines.slice(0, first).join("\n"), lines.slice(first).join("\n")];
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

const headersOf = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines
      .filter((line) => line.includes(":"))
      .map((line) => {
        const [name, value] = splitOnce(line, ":");
        return [name.toLowerCase(), value.trim()];
      }),
  );
