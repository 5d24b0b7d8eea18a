import { afterEach, describe, expect, it } from "vitest";
import { createProxmoxSurvey } from "../../../src/clusters/proxmox/create-proxmox-survey.ts";
import type { TlsTrust } from "../../../src/model/inventory.ts";
import type { SurveyFacts } from "../../../src/model/survey.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import type { Asked, Behaviour } from "../../clients/proxmox/fake-pve.ts";
import { clusterOf, fakePve, ok, otherCaPath, secretsOf } from "../../clients/proxmox/fake-pve.ts";
import { quickClock } from "../../clients/quick-clock.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const answering = ({ line }: Asked): Behaviour =>
  line.endsWith("/version") ? ok({ version: "9.2.11" }) : { status: 501, reason: "unknown" };

async function survey(
  behaviours: readonly ((asked: Asked) => Behaviour)[],
  tls?: TlsTrust,
): Promise<SurveyFacts & { readonly asked: readonly string[] }> {
  const hosts = await Promise.all(behaviours.map(async (behave) => await fakePve(behave)));
  closing.push(...hosts.map(({ close }) => close));
  const cluster = clusterOf(
    hosts.map(({ host }) => host),
    tls,
  );
  const surveyor = createProxmoxSurvey({
    cluster,
    // The others have a second to answer while one hangs.
    clock: quickClock(120),
    random: new SeededRandom(1),
    secrets: secretsOf("token"),
  });
  closing.push(async () => await surveyor.close());
  const facts = await surveyor.survey();
  return { ...facts, asked: hosts.flatMap(({ asked }) => asked.map(({ line }) => line)) };
}

const api = ({ findings }: SurveyFacts) => findings.filter(({ topic }) => topic === "api");

describe("the API hosts of a survey", () => {
  it("are told with version, trust and the certificate that was seen", async () => {
    const facts = await survey([answering]);
    expect(facts.reached).toBe(true);
    const [found] = api(facts);
    expect(found).toMatchObject({ level: "ok", paste: null });
    expect(found?.saw).toMatch(
      /Proxmox VE 9\.2\.11, certificate verified .*SHA-256 ([0-9A-F]{2}:){31}/u,
    );
  });

  it("are asked with GET alone", async () => {
    const { asked } = await survey([answering]);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((line) => !line.startsWith("GET "))).toEqual([]);
  });

  it("propose their certificate where none is verified, with a way to make sure of it", async () => {
    const [found] = api(await survey([answering], { kind: "insecure" }));
    expect(found?.level).toBe("note");
    expect(found?.paste).toMatchObject({ api: { tls: { kind: "fingerprint" } } });
    expect(found?.needs).toContain("openssl x509");
  });

  it("propose the CA where one pin could not hold for all", async () => {
    const [found] = api(await survey([answering, answering], { kind: "insecure" }));
    expect(found?.paste).toBeNull();
    expect(found?.needs).toContain("/etc/pve/pve-root-ca.pem");
  });

  it("are a problem with a certificate of another CA, and are sent no token", async () => {
    const facts = await survey([answering], { kind: "ca", path: otherCaPath });
    expect(facts).toMatchObject({ reached: false, identity: null, health: null, asked: [] });
    expect(api(facts)[0]).toMatchObject({ level: "problem" });
    expect(api(facts)[0]?.saw).toContain("not trusted");
  });

  it("are a problem when they are silent, without keeping the others' answers back", async () => {
    const facts = await survey([() => "hang", answering]);
    expect(api(facts).map(({ level }) => level)).toEqual(["problem", "ok"]);
    expect(facts.reached).toBe(true);
  });

  it("are a problem when all are silent, and the survey ends all the same", async () => {
    const facts = await survey([() => "hang", () => "hang"]);
    expect(facts.reached).toBe(false);
    expect(api(facts).map(({ level }) => level)).toEqual(["problem", "problem"]);
  });

  it("leave every question that hangs unanswered, and still tell the rest", async () => {
    const facts = await survey([
      (asked) => (asked.line.includes("/access/permissions") ? "hang" : answering(asked)),
    ]);
    const rights = facts.findings.find(({ topic }) => topic === "rights");
    expect(rights).toMatchObject({ level: "note" });
    expect(rights?.saw).toContain("cannot be known");
  });

  it("are a problem when they say what makes no sense", async () => {
    const facts = await survey([() => ok({ version: 9 })]);
    expect(api(facts)[0]).toMatchObject({ level: "problem" });
  });
});
