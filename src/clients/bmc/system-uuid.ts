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

/**
 * The UUID of a Redfish system in each byte order met in the field: as it is written, which DSP0268 demands, and with its
 * first three fields swapped, as BMCs do that copy the bytes of SMBIOS. Empty for what is no UUID.
 */
export function uuidTextReadings(uuid: string): readonly string[] {
  const written = uuid.toLowerCase();
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(written)) return [];
  const [, swapped] = uuidReadings(Buffer.from(written.replaceAll("-", ""), "hex"));
  return [...new Set([written, swapped ?? written])];
}

const asText = (bytes: Iterable<number>): string =>
  Buffer.from([...bytes])
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
