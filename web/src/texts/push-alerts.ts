/** Words of alerts that browsers show. In a file of its own: the service worker loads no other. */

export const pushAlertTexts = {
  live: (channel: string) => `${channel} is live`,
  title: (channel: string) => `${channel} has a new title`,
  webhook: (channel: string) => `A webhook of ${channel} was switched off`,
} as const;
