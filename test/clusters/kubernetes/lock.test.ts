import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Scene } from "./lab-scene.ts";
import { startScene } from "./lab-scene.ts";
import type { Mishap, Taker } from "./lock-bench.ts";
import { LEASE, LEASES, losing, meddling, NEVER, noteOf, renewed, taker } from "./lock-bench.ts";

let scene: Scene;
const takers: Taker[] = [];
const someone = (mishap: Mishap = {}): Taker => {
  const made = taker(scene, mishap);
  takers.push(made);
  return made;
};
const lease = async (): Promise<unknown> =>
  await someone()
    .call("GET", LEASE)
    .catch(() => null);

beforeAll(async () => {
  scene = await startScene(20);
});
afterEach(async () => {
  await someone()
    .call("DELETE", LEASE)
    .catch(() => undefined);
  for (const { close } of takers.splice(0)) await close();
});
afterAll(async () => {
  await scene.close();
});

describe("the lock of a Kubernetes cluster", () => {
  it("is a Lease that anybody can read", async () => {
    const { lock } = scene.driver;
    expect(lock.title).toBe("Lease default/blackout");
    expect(await lock.read(NEVER)).toBeNull();
    expect(await lock.take(noteOf("one"), NEVER)).toBeNull();
    expect(await lease()).toMatchObject({
      metadata: { annotations: { "blackout.dev/lock": expect.stringContaining('"run":"one"') } },
      spec: {
        holderIdentity: "one",
        leaseDurationSeconds: 120,
        acquireTime: "2026-01-01T00:00:00.000000Z",
        renewTime: "2025-12-31T23:00:30.000000Z",
      },
    });
    expect(await lock.read(NEVER)).toEqual(noteOf("one"));
    await lock.release("one", NEVER);
    expect(await lock.read(NEVER)).toBeNull();
    await lock.release("one", NEVER);
  });

  it("is had by exactly one of many who take it at once, and the others learn by whom", async () => {
    const runs = ["a", "b", "c", "d", "e", "f"];
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(
        runs.map(async (run) => await someone().lock.take(noteOf(run), NEVER)),
      );
      const winners = runs.filter((_run, index) => answers[index] === null);
      expect(winners).toHaveLength(1);
      const [winner = ""] = winners;
      const losers = answers.filter((answer) => answer !== null);
      expect(losers.map(({ run }) => run)).toEqual(Array(5).fill(winner));
      await someone().lock.release(winner, NEVER);
    }
  });

  it("is refused to another process of the same run", async () => {
    const other = noteOf("one", { owner: "ada@bench, process 4712" });
    expect(await someone().lock.take(noteOf("one"), NEVER)).toBeNull();
    expect(await someone().lock.take(other, NEVER)).toEqual(noteOf("one"));
    expect(await someone().lock.read(NEVER)).toEqual(noteOf("one"));
  });

  it("bears what its holder writes, and nobody else's", async () => {
    const { lock } = someone();
    await lock.take(noteOf("one"), NEVER);
    const later = renewed(noteOf("one"), 60);
    await lock.write(later, NEVER);
    expect(await lock.read(NEVER)).toEqual(later);
    expect(await lease()).toMatchObject({ spec: { renewTime: "2026-01-01T00:01:00.000000Z" } });
    await expect(lock.write(noteOf("two"), NEVER)).rejects.toMatchObject({
      code: "unsafe",
      message: expect.stringContaining("run one of ada@bench, process 4711 has"),
    });
    await lock.release("two", NEVER);
    expect(await lock.read(NEVER)).toEqual(later);
    await lock.release("one", NEVER);
    await expect(lock.write(later, NEVER)).rejects.toMatchObject({ code: "unsafe" });
    expect(await lock.read(NEVER)).toBeNull();
  });

  it("says so when its namespace is not there", async () => {
    const cluster = { ...scene.cluster, lock_namespace: "nowhere" };
    const lost = taker({ ...scene, cluster });
    takers.push(lost);
    expect(await lost.lock.read(NEVER)).toBeNull();
    await expect(lost.lock.take(noteOf("one"), NEVER)).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("lock_namespace"),
    });
  });
});

describe("a lock whose answers are lost", () => {
  it("is taken all the same: the next server finds it to be this run's", async () => {
    const unlucky = someone(losing("POST", 1));
    expect(await unlucky.lock.take(noteOf("one"), NEVER)).toBeNull();
    expect(unlucky.sent).toEqual(["POST cp1", "POST cp2", "GET cp2"]);
  });

  it("is taken by repeating, when every server's answer was lost", async () => {
    const unlucky = someone(losing("POST", 2));
    await expect(unlucky.lock.take(noteOf("one"), NEVER)).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(await unlucky.lock.take(noteOf("one"), NEVER)).toBeNull();
    expect(await someone().lock.take(noteOf("two"), NEVER)).toEqual(noteOf("one"));
  });

  it("bears the note, whichever of its writings was answered", async () => {
    const unlucky = someone(losing("PUT", 1));
    await unlucky.lock.take(noteOf("one"), NEVER);
    const later = renewed(noteOf("one"), 60);
    await unlucky.lock.write(later, NEVER);
    expect(unlucky.sent.filter((each) => each.startsWith("PUT"))).toHaveLength(3);
    expect(await unlucky.lock.read(NEVER)).toEqual(later);
  });

  it("is given back", async () => {
    const unlucky = someone(losing("DELETE", 2));
    await unlucky.lock.take(noteOf("one"), NEVER);
    await expect(unlucky.lock.release("one", NEVER)).rejects.toMatchObject({ code: "unreachable" });
    await unlucky.lock.release("one", NEVER);
    expect(await lease()).toBeNull();
  });
});

const handedOver = async (): Promise<void> => {
  const { lock } = someone();
  await lock.release("one", NEVER);
  expect(await lock.take(noteOf("two"), NEVER)).toBeNull();
};

describe("a write of the lock that arrives late", () => {
  it("does not make it anew after it was given back", async () => {
    const slow = someone(meddling("PUT", async () => await someone().lock.release("one", NEVER)));
    await slow.lock.take(noteOf("one"), NEVER);
    await expect(slow.lock.write(renewed(noteOf("one"), 60), NEVER)).rejects.toMatchObject({
      code: "unsafe",
      message: expect.stringContaining("nobody has"),
    });
    expect(await lease()).toBeNull();
  });

  it("writes nothing on it once another has it", async () => {
    const slow = someone(meddling("PUT", handedOver));
    await slow.lock.take(noteOf("one"), NEVER);
    const late = slow.lock.write(renewed(noteOf("one"), 60), NEVER);
    await expect(late).rejects.toMatchObject({ code: "unsafe" });
    expect(await someone().lock.read(NEVER)).toEqual(noteOf("two"));
  });

  it("does not give it back once another has it", async () => {
    const slow = someone(meddling("DELETE", handedOver));
    await slow.lock.take(noteOf("one"), NEVER);
    await slow.lock.release("one", NEVER);
    expect(slow.sent.filter((each) => each.startsWith("DELETE"))).toHaveLength(1);
    expect(await someone().lock.read(NEVER)).toEqual(noteOf("two"));
  });

  it.each(["PUT", "DELETE"] as const)(
    "by %s, after the holder's own renewal, is done on what is there then",
    async (method) => {
      const renew = async (): Promise<void> =>
        await someone().lock.write(renewed(noteOf("one"), 30), NEVER);
      const slow = someone(meddling(method, renew));
      await slow.lock.take(noteOf("one"), NEVER);
      const later = renewed(noteOf("one"), 60);
      await (method === "PUT" ? slow.lock.write(later, NEVER) : slow.lock.release("one", NEVER));
      expect(await someone().lock.read(NEVER)).toEqual(method === "PUT" ? later : null);
      expect(slow.sent.filter((each) => each.startsWith(method))).toHaveLength(2);
    },
  );

  it("takes it, when whoever had it gives it back while it is looked who that is", async () => {
    const release = async (): Promise<void> => await someone().lock.release("two", NEVER);
    await someone().lock.take(noteOf("two"), NEVER);
    const slow = someone(meddling("GET", release));
    expect(await slow.lock.take(noteOf("one"), NEVER)).toBeNull();
    expect(await slow.lock.read(NEVER)).toEqual(noteOf("one"));
  });

  it("ends, when the lock changes each time", async () => {
    let seconds = 0;
    const busy: Mishap = {
      before: async ({ method }) => {
        if (method === "PUT") await someone().lock.write(renewed(noteOf("one"), ++seconds), NEVER);
      },
    };
    const slow = someone(busy);
    await slow.lock.take(noteOf("one"), NEVER);
    await expect(slow.lock.write(noteOf("one"), NEVER)).rejects.toMatchObject({ code: "rejected" });
  });
});

describe("a Lease of the lock's name that is no lock of ours", () => {
  const foreign = { metadata: { name: "blackout" }, spec: { holderIdentity: "an-operator-0" } };
  const elected = async (): Promise<void> => {
    // A leader election takes over what is there: it writes the spec and keeps the annotations.
    await someone().lock.take(noteOf("one"), NEVER);
    const spec = { ...foreign.spec, leaseDurationSeconds: 15 };
    const there = await lease();
    await someone().call("PUT", LEASE, { ...(there as object), spec });
  };
  const damaged = async (): Promise<void> => {
    const annotations = { "blackout.dev/lock": '{"format":2}' };
    const metadata = { ...foreign.metadata, annotations };
    await someone().make(LEASES, { ...foreign, metadata });
  };

  it.each([
    ["without our annotation", async () => await someone().make(LEASES, foreign)],
    ["with another's holder", elected],
    ["with a note that cannot be read", damaged],
  ])("%s is refused as unsafe, and left as it is", async (_title, make) => {
    await make();
    const before = await lease();
    const { lock } = someone();
    for (const act of [
      async () => await lock.read(NEVER),
      async () => await lock.take(noteOf("one"), NEVER),
      async () => await lock.write(noteOf("one"), NEVER),
      async () => await lock.release("one", NEVER),
    ]) {
      await expect(act()).rejects.toMatchObject({
        code: "unsafe",
        message: expect.stringContaining("Lease default/blackout of kube"),
      });
    }
    expect(await lease()).toEqual(before);
  });
});
