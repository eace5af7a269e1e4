/** Words about how good a stream is: on the dashboard while live, afterwards, and in tests. */

import type { IngestGrade, IngestFinding } from "../api/health-names.js";

export const SEVERITY_NAMES: Readonly<Record<IngestFinding["severity"], string>> = {
  problem: "Problem",
  warning: "Warning",
  advice: "Advice",
  good: "Good",
};

export const VERDICT_TEXTS: Readonly<Record<IngestGrade["verdict"], string>> = {
  ready: "Ready to go live",
  "ready-with-advice": "You can go live, and it can be better",
  "not-ready": "Not ready: viewers would notice",
};

/** The same of a broadcast that is over. */
export const PAST_VERDICT_TEXTS: Readonly<Record<IngestGrade["verdict"], string>> = {
  ready: "As it should be",
  "ready-with-advice": "Good, and it can be better",
  "not-ready": "Viewers will have noticed",
};

export const healthTexts = {
  heading: "Stream health",
  grade: (letter: string): string => `Grade ${letter}`,
  scale: "A is best, F is worst.",
  toChange: "What to change",
  measured: "Measured",
  expected: "Expected",
  allGood: "Nothing to change. This is as it should be.",
  listening: "Listening. What is found shows up here within seconds.",
  findings: (count: number): string => (count === 1 ? "1 thing to look at" : `${count} things to look at`),
  good: (count: number): string => (count === 1 ? "1 thing is as it should be" : `${count} things are as they should be`),
  past: (count: number): string => (count === 1 ? "1 thing was seen before" : `${count} things were seen before`),
  bitrate: "Bitrate",
  frameRate: "Pictures a second",
  keyframes: "Keyframe interval",
  jitter: "Jitter",
  picture: "Picture",
  sound: "Sound",
  dropped: "Lost pictures",
  reconnects: "Reconnects",
  unknown: "–",
  nobody: "Your encoder is not connected at the moment.",
  none: "Nothing was measured in this broadcast.",
  stale: "The server does not answer. These are the last figures.",
} as const;

export const setUpTestTexts = {
  title: "Test my set-up",
  lead: "Publish to a private test key for a minute, and you are told how good your stream is and what to change. Nothing goes live: nobody can watch, nobody is notified, and no broadcast is kept. It works while you are live, too, from a second encoder.",
  begin: "Make a test key",
  again: "Test again",
  step1: "In OBS, open Settings → Stream",
  step1Text: "Choose “Custom…” as the service, and enter this server. Any other encoder works the same way.",
  server: "Server",
  secureServer: "Server, encrypted (RTMPS)",
  step2: "Enter the test key as the stream key",
  step2Text: "It is for this test alone: it cannot go live. Your own stream key stays as it is.",
  key: "Test key",
  keyGone: (start: string): string => `The key was shown when it was made; it begins with ${start}. If it got lost, cancel this test and make another.`,
  step3: "Start streaming as you would",
  step3Text: (seconds: number): string => `Show something that moves as your shows do. After ${seconds} seconds the test ends by itself.`,
  waiting: "Waiting for your encoder",
  waitingText: (until: string): string => `The key expires ${until}.`,
  tooShort: "Your encoder was there, but left after a few seconds: too short for a grade. Start it again.",
  receiving: "Measuring your stream",
  progress: (done: number, all: number): string => `${done} of ${all} seconds`,
  checks: "What has been seen so far",
  connected: "Encoder connected",
  picture: "Picture",
  sound: "Sound",
  keyframes: "Keyframes",
  arrival: "Arrival",
  notYet: "not yet",
  noSound: "none yet",
  everySeconds: (seconds: string): string => `every ${seconds} s`,
  evenly: (ms: number): string => `within ${ms} ms of on time`,
  result: "Your grade",
  finishedText: (seconds: number, ago: string): string => `From ${seconds} seconds of your stream, ${ago}. Nothing of it went live.`,
  backToKey: "Now stop OBS if it still tries to connect, and put your own stream key back in.",
  keys: "Stream keys",
  expired: "The test key expired before an encoder came",
  expiredText: "Make another whenever you like.",
  cancel: "Cancel this test",
  cancelHeading: "Cancel this test?",
  cancelText: "Its key is void at once, and an encoder that uses it is disconnected.",
  cancelled: "The test has been cancelled.",
  remove: "Remove",
  removeHeading: "Remove this result?",
  removeText: "The grade and what was found are forgotten.",
  removed: "The result has been removed.",
  earlier: "Earlier tests",
  show: "Show",
  gone: "This test is not there any more. It was cancelled, or is older than its server keeps them.",
  stale: "The server does not answer. This page goes on by itself when it does.",
} as const;
