import type { SurveyFacts } from "../model/survey.ts";

/** Everything that one cluster's API tells a reader. Changes nothing. */
export interface ClusterSurvey {
  /**
   * Asks all at once, each question under a deadline of its own: what is not answered becomes a finding, so that this
   * takes a few seconds whatever the cluster does. Rejects only with a bug of ours.
   */
  survey(): Promise<SurveyFacts>;
  /** Lets go of sockets. */
  close(): Promise<void>;
}
