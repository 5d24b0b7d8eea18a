import root from "otlp-protobuf/build/src/generated/root.js";

/** A message type as protobufjs generates it. */
interface MessageType {
  readonly fromObject: (plain: Readonly<Record<string, unknown>>) => object;
  readonly encode: (message: object) => { readonly finish: () => Uint8Array };
  readonly decode: (bytes: Uint8Array) => object;
  readonly toObject: (message: object, options: { readonly longs: StringConstructor }) => unknown;
}

interface Trace {
  readonly opentelemetry: {
    readonly proto: { readonly trace: { readonly v1: { readonly TracesData: MessageType } } };
  };
}

/** OpenTelemetry's own schema: the generated code of its .proto files. */
const { TracesData } = (root as unknown as Trace).opentelemetry.proto.trace.v1;

/** Through the wire format, which knows no field that is not in the schema. */
export function throughProtobuf(traces: unknown): unknown {
  const message = TracesData.fromObject(withBytes(traces) as Readonly<Record<string, unknown>>);
  return fromProtobuf(TracesData.encode(message).finish());
}

/** As OTLP's JSON has it; what a collector is sent has the same fields as what is kept in files. */
export const fromProtobuf = (bytes: Uint8Array): unknown =>
  withHex(TracesData.toObject(TracesData.decode(bytes), { longs: String }));

/** What the schema has as bytes, OTLP's JSON has in hexadecimal digits. */
const ids = new Set(["traceId", "spanId", "parentSpanId"]);

const withBytes = (value: unknown): unknown =>
  mapped(value, (id) => (typeof id === "string" ? Buffer.from(id, "hex") : id));
const withHex = (value: unknown): unknown =>
  mapped(value, (id) => (id instanceof Uint8Array ? Buffer.from(id).toString("hex") : id));

function mapped(value: unknown, id: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, id));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, ids.has(key) ? id(each) : mapped(each, id)]),
  );
}

/** Without empty lists, which protobuf does not tell from none. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !(Array.isArray(each) && each.length === 0))
      .map(([key, each]) => [key, withoutEmpty(each)]),
  );
}
