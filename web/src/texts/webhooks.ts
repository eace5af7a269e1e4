/** Words of webhooks. */

import type { WebhookEvent } from "../webhooks/webhook-api.js";

export const WEBHOOK_EVENTS: Readonly<Record<WebhookEvent, string>> = {
  "channel.live": "A channel goes live",
  "channel.offline": "A show has ended",
  "channel.changed": "The channel says something else of itself",
  "follower.gained": "Somebody follows",
};

export const DELIVERY_STATES = {
  waiting: "Waiting",
  delivered: "Delivered",
  failed: "Failed",
} as const;

/** Why a delivery failed; where the server knows more codes than these pages, they are shown. */
export const DELIVERY_ERRORS: Readonly<Record<string, string>> = {
  status: "The receiver answered with an error",
  "refused-address": "The address is not a public one",
  unresolved: "The host has no public address",
  unreachable: "The host did not answer",
  timeout: "The receiver took too long",
  redirect: "The receiver sent it on, which is not followed",
  tls: "The receiver’s certificate is not valid",
};

export const webhookTexts = {
  heading: "Webhooks",
  lead: "Programs elsewhere are told by a signed HTTPS request when something happens on this channel.",
  serverLead: "Programs elsewhere are told by a signed HTTPS request when something happens on any channel.",
  none: "No webhook yet",
  noneText: "Make one below, and check with “Test” that your program hears it.",
  new: "New webhook",
  name: "Name",
  nameHint: "For you to know it by.",
  url: "Address",
  urlHint: "With https, at a host that everybody can reach.",
  events: "What it is told of",
  eventsMissing: "Choose at least one.",
  make: "Make the webhook",
  made: (name: string) => `The secret of “${name}”`,
  secretHint: "Your program checks the signature with it (Standard Webhooks).",
  active: "On",
  off: "Off",
  failing: (ago: string) => `failing since ${ago}`,
  disabled: {
    failing: "Switched off by the server: it failed for too long.",
    gone: "Switched off by the server: the receiver said that it is gone (410).",
  } as Readonly<Record<string, string>>,
  lastDelivered: (ago: string) => `last delivered ${ago}`,
  neverDelivered: "nothing delivered yet",
  test: "Test",
  tested: "A test is on its way. How it went stands among the deliveries.",
  turnOff: "Switch off",
  turnOn: "Switch on",
  rotate: "New secret",
  rotateHeading: (name: string) => `A new secret for “${name}”?`,
  rotateText: "For a day deliveries are signed with both, so that you can change your program.",
  remove: "Delete",
  removeHeading: (name: string) => `Delete “${name}”?`,
  removeText: "What was noted of its deliveries is deleted with it.",
  removed: (name: string) => `The webhook “${name}” has been deleted.`,
  deliveries: "Deliveries",
  refresh: "Refresh",
  noDeliveries: "Nothing has been sent to it yet.",
  attempts: (count: number) => (count === 1 ? "1 attempt" : `${count} attempts`),
  next: (until: string) => `next ${until}`,
  took: (durationMs: number) => `${durationMs} ms`,
  replay: "Send again",
  replayed: "It is on its way again.",
  show: "Show what was sent",
  sent: "Sent",
  answer: "Answer",
  noAnswer: "No answer came.",
} as const;
