import type { Guard } from "./guard.ts";

/** A QDevice's votes are no node's: they stay when the victim goes. */
export const quorum: Guard = ({ victim, health }) => {
  const votes = health.quorum;
  if (votes === null) return [];
  const left = votes.present_votes - (victim.online ? victim.votes : 0);
  if (votes.quorate && (victim.votes === 0 || left >= votes.needed_votes)) return [];
  const device = votes.device_votes === 0 ? "" : `, ${votes.device_votes} of them the QDevice's`;
  return [
    {
      guard: "quorum",
      saw: votes.quorate
        ? `${left} of ${votes.expected_votes} votes would be left without ${victim.name}${device}`
        : "the cluster has no quorum now",
      needs: `${votes.needed_votes} votes without the victim`,
    },
  ];
};
