/** Where pages are shown unless the user says otherwise. */
export const DEFAULT_PORT = 7878;
