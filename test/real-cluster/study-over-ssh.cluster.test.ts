import { studyOnRealCluster } from "./study.ts";

studyOnRealCluster("kubernetes-power-off-over-ssh");
