/** Ends a trial before its fault or without a result; not an error of the tool. */
export class TrialEnds extends Error {
  readonly end: "void" | "refused";

  constructor(end: "void" | "refused", detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = "TrialEnds";
    this.end = end;
  }
}

/** Another node than the victim died: heal at once and end the run. */
export class OtherNodeLost extends Error {
  constructor(node: string) {
    super(`another node died: ${node}`);
    this.name = "OtherNodeLost";
  }
}

/** How a trial came out for the run; what it means is computed later from the journal. */
export interface TrialEnding {
  readonly end: "completed" | "void" | "refused" | "interrupted";
  readonly detail: string;
  /** False: something of the trial could not be taken back. */
  readonly restored: boolean;
  /** Why the run must not go on; null: it may. */
  readonly stopRun: "other-node-lost" | "journal-broken" | null;
}
