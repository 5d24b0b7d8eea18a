import { kubernetesLaws } from "./laws/kubernetes.ts";
import { FEW, tryLaws } from "./support/run.ts";

tryLaws("Kubernetes", kubernetesLaws, FEW);
