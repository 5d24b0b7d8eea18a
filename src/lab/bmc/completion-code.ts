/** Completion codes of commands (5.2), and two of single commands. */
export const CODE = {
  ok: 0x00,
  /** Set Session Privilege Level: above what the user or the session may have. */
  privilegeAboveLimit: 0x81,
  /** Close Session: no such session. */
  unknownSession: 0x87,
  invalidCommand: 0xc1,
  wrongLength: 0xc7,
  invalidData: 0xcc,
  insufficientPrivilege: 0xd4,
  notInThisState: 0xd5,
} as const;
