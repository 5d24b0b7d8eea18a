/** Something that has to hold. */
export interface Check {
  readonly text: string;
  readonly ok: boolean;
}
