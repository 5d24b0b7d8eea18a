/** When a command of the user's own is run. */
export const hookNames = ["before_run", "after_run", "before_trial", "after_trial"] as const;
export type HookName = (typeof hookNames)[number];

export interface HookSpec {
  /** The program, then its words. No shell. */
  readonly command: readonly string[];
  /** In real time, also in a lab: the program is real. */
  readonly limit_ms: number;
  /** Before a run or trial: its failure refuses the run, or makes the trial void. Never of a hook that comes after. */
  readonly required: boolean;
  /** Variables of this process's environment that the program gets too. */
  readonly pass: readonly string[];
}

/** Null: nothing is run then. */
export type Hooks = Readonly<Record<HookName, HookSpec | null>>;

export const noHooks: Hooks = {
  before_run: null,
  after_run: null,
  before_trial: null,
  after_trial: null,
};
