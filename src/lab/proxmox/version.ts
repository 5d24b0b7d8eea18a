/** The release that the lab plays: that of the replies in `test/fixtures/pve-api-replies`. */
export const PVE_VERSION = { version: "9.2.11", release: "9.2", repoid: "14a22df3" } as const;
