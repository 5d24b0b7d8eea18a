import { expect } from "vitest";

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
const LEASE = `${LEASES}/story`;
const fresh = { metadata: { name: "story" }, spec: { holderIdentity: "one" } };

type Call = (
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever came back
) => Promise<{ readonly status: number; readonly body: any }>;

/** What a Lease is to an API server, real or played: made once, changed and deleted only in the state that was seen. */
export async function leaseStory(call: Call): Promise<void> {
  const conflict = { status: 409, body: { reason: "Conflict" } };
  const { body: first, status } = await call("POST", LEASES, fresh);
  expect(status).toBe(201);
  expect(await call("POST", LEASES, fresh)).toMatchObject({
    status: 409,
    body: { reason: "AlreadyExists" },
  });
  expect(await call("PUT", LEASE, fresh)).toMatchObject({
    status: 422,
    body: { message: expect.stringContaining("must be specified for an update") },
  });
  const renewed = { ...first, spec: { ...first.spec, renewTime: "2026-01-01T00:00:00.000000Z" } };
  expect((await call("PUT", LEASE, renewed)).status).toBe(200);
  expect(await call("PUT", LEASE, renewed)).toMatchObject(conflict);
  const { uid, resourceVersion } = first.metadata;
  for (const preconditions of [{ uid, resourceVersion }, { uid: "another" }]) {
    expect(await call("DELETE", LEASE, { preconditions })).toMatchObject(conflict);
  }
  const now = (await call("GET", LEASE)).body.metadata.resourceVersion;
  const preconditions = { uid, resourceVersion: now };
  expect((await call("DELETE", LEASE, { preconditions })).status).toBe(200);
  expect((await call("DELETE", LEASE, { preconditions })).status).toBe(404);
  expect(await call("PUT", LEASE, renewed)).toMatchObject(conflict);
  expect((await call("GET", LEASE)).status).toBe(404);
  // A PUT that names no UID makes it anew.
  expect((await call("PUT", LEASE, fresh)).status).toBe(201);
  expect((await call("DELETE", LEASE)).status).toBe(200);
  const spec = { renewTime: "2026-01-01T00:00:00.000Z" };
  expect((await call("POST", LEASES, { ...fresh, spec })).status).toBeGreaterThanOrEqual(400);
  expect((await call("GET", LEASE)).status).toBe(404);
}
