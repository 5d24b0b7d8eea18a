import { kubernetesLaws } from "./laws/kubernetes.ts";
import { MANY, tryLaws } from "./support/run.ts";

tryLaws("Kubernetes", kubernetesLaws, MANY);
