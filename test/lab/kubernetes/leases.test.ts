import { expect, test } from "vitest";
import { leaseStory } from "./lease-story.ts";
import { startTestLab } from "./test-lab.ts";

/** test/real-cluster/lock.cluster.test.ts tells it to a real API server. */
test("a Lease in the lab's API is what it is to a real one", async () => {
  const lab = await startTestLab();
  try {
    await expect(leaseStory(lab.call)).resolves.toBeUndefined();
  } finally {
    await lab.close();
  }
});
