export type Environment = Readonly<Record<string, string | undefined>>;

const protocols = ["http/json", "http/protobuf"] as const;
export type Protocol = (typeof protocols)[number];

/** What the standard OTEL_ variables say of traces. */
export type Wanted =
  | { readonly kind: "send"; readonly protocol: Protocol }
  /** The user wants none. */
  | { readonly kind: "off"; readonly why: string }
  /** The user wants them in a way that we cannot send them. */
  | { readonly kind: "refused"; readonly why: string };

export function wantedBy(environment: Environment): Wanted {
  if (environment["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true") {
    return { kind: "off", why: "OTEL_SDK_DISABLED is set" };
  }
  const exporters = environment["OTEL_TRACES_EXPORTER"]?.trim() ?? "";
  const named = exporters.split(",").map((each) => each.trim());
  if (exporters !== "" && !named.includes("otlp")) {
    return { kind: "off", why: `OTEL_TRACES_EXPORTER is ${exporters}` };
  }
  return byProtocol(environment);
}

/** The first that is set counts, and an empty one is none. */
const OF_PROTOCOL = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"] as const;

function byProtocol(environment: Environment): Wanted {
  for (const name of OF_PROTOCOL) {
    const asked = environment[name]?.trim() ?? "";
    if (asked === "") continue;
    const protocol = protocols.find((each) => each === asked);
    return protocol === undefined
      ? {
          kind: "refused",
          why: `${name} is ${asked}, and blackout speaks ${protocols.join(" and ")} alone: set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL to one of them, and the endpoint to the port where the collector takes it, 4318 mostly`,
        }
      : { kind: "send", protocol };
  }
  return { kind: "send", protocol: "http/json" };
}
