/**
 * The 16 bytes of an IPMI GUID, read in each byte order met in the field, most official first, none twice:
 * - IPMI 2.0 table 20-10: the whole UUID backwards;
 * - SMBIOS 2.6: the first three fields little-endian, as most vendors do;
 * - RFC 4122: as it is written.
 */
export function uuidReadings(guid: Buffer): readonly string[] {
  const mixed = [
    ...guid.subarray(0, 4).toReversed(),
    ...guid.subarray(4, 6).toReversed(),
    ...guid.subarray(6, 8).toReversed(),
    ...guid.subarray(8),
  ];
  return [...new Set([guid.toReversed(), mixed, guid].map((bytes) => asText(bytes)))];
}

const asText = (bytes: Iterable<number>): string =>
  Buffer.from([...bytes])
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
