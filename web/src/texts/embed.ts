/** Words of the player that stands on other sites. */

export const embedTexts = {
  title: (channel: string) => `${channel} · Rillcast`,
  open: (channel: string) => `Watch ${channel} on its page`,
  notFoundTitle: "There is no such channel",
  notFoundText: "The address of this player is not right.",
} as const;
