import type { Terminal } from "../terminal.ts";

/** What a screen is drawn for. */
export interface ScreenView {
  /** On the run's clock. */
  readonly now_ms: number;
  /** That may be written to. */
  readonly columns: number;
  readonly rows: number;
  /** Counts how often it was drawn. */
  readonly tick: number;
  readonly colours: Terminal["colours"];
}
