import type { Progress } from "../../contracts/progress.ts";
import type { Audience } from "../../live/audience.ts";

/** One who is told how a run goes, for many: in the order in which they came, each shielded from the others. */
export const fanOut = (audience: Audience<Progress>): Progress => ({
  runStarted: (plan) => {
    audience.tell((each) => {
      each.runStarted(plan);
    });
  },
  trialStarted: (trial) => {
    audience.tell((each) => {
      each.trialStarted(trial);
    });
  },
  step: (trial, doing) => {
    audience.tell((each) => {
      each.step(trial, doing);
    });
  },
  record: (record) => {
    audience.tell((each) => {
      each.record(record);
    });
  },
  sample: (sample) => {
    audience.tell((each) => {
      each.sample(sample);
    });
  },
  trialEnded: (trial) => {
    audience.tell((each) => {
      each.trialEnded(trial);
    });
  },
  desktop: (trial, way) => {
    audience.tell((each) => {
      each.desktop(trial, way);
    });
  },
  runEnded: (ending) => {
    audience.tell((each) => {
      each.runEnded(ending);
    });
  },
});
