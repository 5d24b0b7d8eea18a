import type { Guard } from "./guard.ts";

/** Where it is known: a storage that is already short of copies loses more of them with the victim. */
export const storageHealth: Guard = ({ health: { storage } }) =>
  storage === null || storage.healthy
    ? []
    : [
        {
          guard: "storage-health",
          saw: storage.detail,
          needs: "a healthy storage before one of its nodes may go",
        },
      ];
