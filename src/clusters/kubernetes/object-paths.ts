import type { KubernetesHandle } from "./naming.ts";

/** Where the desktop's objects are in the API. */
export const objectPaths = ({ namespace, name }: KubernetesHandle) => ({
  namespace: `/api/v1/namespaces/${namespace}`,
  pods: `/api/v1/namespaces/${namespace}/pods`,
  deployment: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  service: `/api/v1/namespaces/${namespace}/services/${name}`,
  ingress: `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}`,
});
