import { describe, expect, it } from "vitest";
import { experimentJsonSchema, inventoryJsonSchema } from "../../src/config/json-schema.ts";

describe("JSON Schema for editors", () => {
  it("describes an experiment in draft 7, with titles, defaults and allowed words", () => {
    expect(experimentJsonSchema()).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "blackout experiment",
      required: ["arms"],
      additionalProperties: false,
      properties: {
        order: { enum: ["sequential", "interleaved", "random"], default: "interleaved" },
        defaults: { properties: { cooldown: { type: "string", default: "10s" } } },
        acceptance: { description: "What counts as good." },
      },
    });
  });

  it("requires nothing of an arm, since it may stand in the defaults", () => {
    expect(JSON.stringify(experimentJsonSchema()["properties"])).not.toContain(
      '"required":["cluster"',
    );
  });

  it("describes an inventory as real clusters or a lab", () => {
    expect(inventoryJsonSchema()).toMatchObject({
      title: "blackout inventory",
      anyOf: [{ required: ["clusters"] }, { required: ["lab"] }],
    });
  });

  it("has examples for what has a form of its own", () => {
    const text = JSON.stringify(inventoryJsonSchema());
    expect(text).toContain("blackout@pve!chaos");
    expect(text).toContain("env:PVE_TOKEN");
  });
});
