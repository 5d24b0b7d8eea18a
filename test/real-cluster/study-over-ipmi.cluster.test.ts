import { studyOnRealCluster } from "./study.ts";

studyOnRealCluster("kubernetes-power-loss");
