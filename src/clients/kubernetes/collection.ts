/** Objects of one kind that are listed and watched together. */
export interface Collection {
  /** `/api/v1/nodes`. */
  readonly path: string;
  /** `labelSelector=...`, or empty. */
  readonly query: string;
  /** Whether its watch is held against lists, so that no change is lost; where changes are many and each tells the same, no. */
  readonly checked: boolean;
}
