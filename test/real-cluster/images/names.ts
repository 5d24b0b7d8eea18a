/** What pods are held together by; never pulled, but there. */
export const PAUSE_IMAGE = "registry.example/pause:1";

/** The name that the experiments have for the desktop of the lab, so that they run unchanged. */
export const DESKTOP_IMAGE = "registry.example/novnc-desktop:1";
