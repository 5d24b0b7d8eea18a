/** The command outlives its session and waits a moment, so that the victim can still answer that it was accepted. */
export const detached = (command: string): string =>
  `setsid sh -c 'sleep 0.05; ${command}' >/dev/null 2>&1 </dev/null &`;
