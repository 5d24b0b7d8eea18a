import { deepEqual, equal, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { OperatingError } from "../../../src/base/errors.ts";
import type { BmcSession } from "../../../src/clients/bmc/bmc-session.ts";
import { openRmcpSession } from "../../../src/clients/bmc/rmcp-session.ts";
import { clockBut } from "../../support/clock-but.ts";
import type { MiniBmc } from "../../clients/bmc/mini-bmc.ts";
import { startMiniBmc } from "../../clients/bmc/mini-bmc.ts";
import type { Changes } from "../support/bytes.ts";
import { changed, changes } from "../support/bytes.ts";
import { outcomeOf, valueOrOperatingError } from "../support/outcome.ts";
import { law } from "../support/run.ts";

/** What happens to one answer on its way. */
type Fate =
  | { readonly kind: "as it is" }
  | { readonly kind: "lost" }
  | { readonly kind: "changed"; readonly list: Changes; readonly first: boolean }
  /** One that was sent earlier comes (again) before it. */
  | { readonly kind: "old first"; readonly back: number; readonly instead: boolean }
  | { readonly kind: "foreign"; readonly bytes: Uint8Array };

const shaped = fc
  .tuple(fc.constantFrom(0x11, 0x13, 0x15, 0xc0), fc.uint8Array({ minLength: 10, maxLength: 90 }))
  .map(([type, rest]) => Uint8Array.from([6, 0, 0xff, 7, 6, type, ...rest]));
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "as it is" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "lost" } as const) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("changed" as const),
      list: changes(3),
      first: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("old first" as const),
      back: fc.nat({ max: 5 }),
      instead: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("foreign" as const),
      bytes: fc.oneof(shaped, fc.uint8Array({ maxLength: 200 })),
    }),
  },
);
const fates = fc.array(fate, { maxLength: 12 });

const TRIES = 4;
type Wire = Awaited<ReturnType<NonNullable<Parameters<typeof openRmcpSession>[2]>>>;

/** Datagrams without a network: each answer meets the next fate, and all is well when there are no more. */
function wireTo(bmc: MiniBmc, list: readonly Fate[]): Wire {
  const sent: Buffer[] = [];
  let next = 0;
  const arrivals = (answer: Buffer): readonly Buffer[] => {
    const what = list[next++] ?? { kind: "as it is" };
    sent.push(answer);
    switch (what.kind) {
      case "as it is":
        return [answer];
      case "lost":
        return [];
      case "changed": {
        const other = changed(answer, what.list);
        return what.first ? [other, answer] : [other];
      }
      case "old first": {
        const old = sent.at(-2 - what.back) ?? answer;
        return what.instead ? [old] : [old, answer];
      }
      case "foreign":
        return [Buffer.from(what.bytes), answer];
    }
  };
  return {
    ask: async ({ what, build, read }) => {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        bmc.received += 1;
        const answer = bmc.answer(build());
        for (const datagram of answer === null ? [] : arrivals(answer)) {
          const found = read(datagram);
          if (found !== null) return await Promise.resolve(found);
        }
      }
      throw new OperatingError("timed-out", `no ${what}`);
    },
    tell: async () => await Promise.resolve(),
    close: () => undefined,
  };
}

const clock = clockBut({
  sleep: async () => await Promise.resolve(),
  timeout: () => new AbortController().signal,
});

async function bmcAnd(
  suite: 3 | 17,
  list: readonly Fate[],
): Promise<{ bmc: MiniBmc; open: () => Promise<BmcSession> }> {
  const bmc = await startMiniBmc({
    user: "lab",
    password: "s3cret",
    suites: [3, 17],
    listen: false,
  });
  const open = async (): Promise<BmcSession> =>
    await openRmcpSession(
      {
        kind: "ipmi",
        via: "builtin",
        host: "bmc",
        port: 623,
        user: "lab",
        password: { kind: "env", name: "X" },
        cipher_suite: suite,
        mapping: "uuid",
      },
      { clock, secrets: { resolve: async () => "s3cret" }, signal: new AbortController().signal },
      async () => await Promise.resolve(wireTo(bmc, list)),
    );
  return { bmc, open };
}

const suites = fc.constantFrom(3 as const, 17 as const);

function expectRightOrLate(right: unknown, outcome: unknown): void {
  const isLate = outcome instanceof OperatingError && outcome.code === "timed-out";
  if (!isLate) equal(outcome, right);
}

export const rmcpLaws = [
  law({
    says: "on a hostile network no session opens but the right one, in which answers are right or late",
    share: 1,
    input: fc.record({ suite: suites, list: fates }),
    holds: async ({ suite, list }) => {
      const { bmc, open } = await bmcAnd(suite, list);
      let session: BmcSession;
      try {
        session = await open();
      } catch (error) {
        // Before there are keys, a refusal cannot be told from a forged one.
        ok(error instanceof OperatingError);
        return;
      }
      expectRightOrLate("on", await outcomeOf(async () => await session.power()));
      expectRightOrLate(undefined, await outcomeOf(async () => await session.control("off")));
      expectRightOrLate("off", await outcomeOf(async () => await session.power()));
      // Asked again, a BMC does not act again.
      deepEqual(bmc.acts, [0]);
      await session.close();
    },
  }),
  law({
    says: "a BMC that lies inside the session gets a value or an operating error out of us",
    share: 1,
    input: fc.record({ suite: suites, lies: fc.array(changes(3), { maxLength: 6 }) }),
    holds: async ({ suite, lies }) => {
      const { bmc, open } = await bmcAnd(suite, []);
      const waiting = [...lies];
      bmc.twist = (message) => changed(message, waiting.shift() ?? []);
      const act = async (): Promise<unknown> => {
        const session = await open();
        const power = await session.power();
        await session.control("cycle");
        const uuids = await session.systemUuids();
        await session.close();
        return { power, uuids };
      };
      await valueOrOperatingError(act);
    },
  }),
];
