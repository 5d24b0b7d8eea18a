/** A span as OpenTelemetry means it, of neither its files nor its libraries: both are made of it. */
export interface TraceSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Null: the root of its trace. */
  readonly parentSpanId: string | null;
  readonly name: string;
  /** Nanoseconds since 1970. */
  readonly start_ns: bigint;
  readonly end_ns: bigint;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** Null: there is nothing to complain of. */
  readonly error: string | null;
}

export interface SpanEvent {
  readonly name: string;
  readonly at_ns: bigint;
  readonly attributes: Attributes;
}

/** A number is a double there, whole or not; a bigint is an integer. Strings are plain lines. */
export type Attributes = Readonly<Record<string, AttributeValue>>;
export type AttributeValue = string | number | bigint | boolean;
