/** Where things answer in this lab. */
export const API_PORT = 6443;
export const SSH_PORT = 2222;
export const INGRESS_PORT = 8080;

/**
 * Pods have no addresses of their own on loopback: each listens on its node's, on a port made of the last number of its
 * pod IP (unique on its node). So a pod dies with its node's network, and refuses when it does not run.
 */
const FIRST_POD_PORT = 20_000;

export const podPort = (ip: string): number =>
  FIRST_POD_PORT + Number(ip.slice(ip.lastIndexOf(".") + 1));
