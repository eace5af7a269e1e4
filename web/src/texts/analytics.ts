/** Words of the pages that tell streamers of their viewers. */

import type { RangeName } from "../analytics/range.js";
import { countText, durationText } from "./spans.js";

const HOUR_MS = 3_600_000;

export const RANGE_TEXTS: Readonly<Record<RangeName, string>> = {
  last: "Last broadcast",
  "7d": "7 days",
  "28d": "28 days",
  "90d": "90 days",
  "365d": "365 days",
};

/** A number of things: "1,204". */
export function wholeText(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** A mean: "3.4", "1,204". */
export function meanText(mean: number): string {
  return mean < 100
    ? mean.toLocaleString("en", { maximumFractionDigits: 1 })
    : Math.round(mean).toLocaleString("en");
}

/** Time that people watched: "12 min", "34.5 h", "1,204 h". Milliseconds in. */
export function watchText(watchMs: number): string {
  if (watchMs < HOUR_MS) return durationText(watchMs);
  const hours = watchMs / HOUR_MS;
  const digits = hours < 100 ? 1 : 0;
  return `${hours.toLocaleString("en", { maximumFractionDigits: digits })} h`;
}

/** A part of a whole: "0.4 %", "62 %". 0 to 1 in. */
export function shareText(share: number): string {
  const percent = share * 100;
  const digits = percent > 0 && percent < 10 ? (percent < 0.1 ? 2 : 1) : 0;
  return `${percent.toLocaleString("en", { maximumFractionDigits: digits })} %`;
}

/** A short time: "340 ms", "1.8 s". Milliseconds in. */
export function shortTimeText(timeMs: number): string {
  if (timeMs < 1000) return `${Math.round(timeMs)} ms`;
  return `${(timeMs / 1000).toLocaleString("en", { maximumFractionDigits: timeMs < 9950 ? 1 : 0 })} s`;
}

/** What changes are measured against. */
export function comparedText(than: string): string {
  return `Changes are against ${than}.`;
}

export const rangeTexts = {
  label: "Time",
  custom: "Choose days",
  from: "From",
  to: "To",
  show: "Show",
  missing: "Choose both days.",
  order: "The last day is before the first.",
  long: "Two years are the most that can be shown at once.",
  utc: "Days are those of UTC.",
} as const;

export const analyticsTexts = {
  heading: "Analytics",
  noBroadcast: "You have not been live yet",
  noBroadcastText: "After your first show, this page tells who watched it, when, and how well it played.",
  goLive: "Go live",
  nothingThen: "Nobody watched in this time",
  nothingThenText: "There was no show, or nobody came. Choose another time above.",
  countedUntil: (moment: string): string => `Counted up to ${moment}.`,
  notCounted: "Nothing has been counted yet",
  notCountedText: "Viewers of a show are here within a minute or two.",
  totals: "In this time",
  before: "the time before",
  beforeShow: "the show before",
  noFollowers: "Nobody began or stopped following in this time.",
  uniqueViewers: "Viewers",
  uniqueHint: "each counted once a day",
  watchTime: "Watch time",
  peak: "Most at once",
  mean: "On average",
  messages: "Chat messages",
  followersGained: "New followers",
  lostHint: (count: number): string => `${wholeText(count)} stopped following`,
  viewersHeading: "Viewers and chat",
  viewersText: "Marks on top are new titles.",
  peakSeries: "Most at once",
  meanSeries: "On average",
  messagesSeries: "Chat messages",
  title: "Title",
  watchHeading: "Watch time",
  watchSeries: "Watch time",
  startedSeries: "Visits that began",
  followersHeading: "Followers",
  followersNow: (count: number): string => `${wholeText(count)} follow now.`,
  followersSeries: "Followers",
  gainedSeries: "New followers",
  lostSeries: "Stopped following",
  titles: "Titles in this time",
} as const;

export const qualityTexts = {
  heading: "Quality",
  lead: "How it played for those who watched, as their players measured it.",
  none: "Nothing has been measured in this time",
  noneText: "Players tell how it goes while they play.",
  startup: "Start-up",
  startupHint: "from asking for the show to its picture",
  latency: "Latency",
  latencyHint: "behind your camera",
  stalls: "Stalled",
  stallsHint: (perHour: string): string =>
    `of the time; ${perHour} ${perHour === "1" ? "stall" : "stalls"} an hour`,
  errors: "Gave up",
  errorsHint: (sessions: number): string => `of ${countText(sessions, "visit")}`,
  bitrate: "Bitrate",
  bitrateHint: "on average",
  dropped: "Frames dropped",
  droppedHint: "by slow devices",
  half: "half of all",
  most: "95 of 100",
  upTo: (value: string): string => `95 of 100 within ${value}`,
  unknown: "–",
  timeHeading: "Start-up and latency",
  startupHalf: "Start-up, half",
  startupMost: "Start-up, 95 of 100",
  latencyHalf: "Latency, half",
  stalledHeading: "Stalled time",
  stalledSeries: "Stalled",
  by: "Split by",
  byNames: { browser: "Browser", player: "Player", country: "Country", language: "Language" },
  visits: "Visits",
  watched: "Watched",
  group: "Group",
  splitCaption: (by: string): string => `Quality by ${by.toLowerCase()}`,
  noGroups: "There is nothing to split by this.",
  other: "Other",
  unknownGroup: "Not known",
} as const;

export const comparisonTexts = {
  heading: "Broadcasts compared",
  caption: "Broadcasts, the newest first unless sorted otherwise",
  none: "No broadcast yet",
  noneText: "Each of your shows will be compared with the others here.",
  broadcast: "Broadcast",
  length: "Length",
  peak: "Most at once",
  mean: "On average",
  unique: "Viewers",
  watch: "Watch time",
  perViewer: "Each watched",
  messages: "Chat",
  followers: "Followers",
  onAir: "on air",
  sortBy: (column: string): string => `Sort by ${column}`,
  more: "Show earlier broadcasts",
} as const;

export const reportTexts = {
  allAnalytics: "Analytics",
  onAir: "On air now",
  began: (moment: string, length: string): string => `${moment} · ${length}`,
  notFinal: "Viewers are still being counted: these figures grow.",
  totals: "This broadcast",
  comparedWith: (count: number): string =>
    count === 1 ? "the broadcast before" : `the mean of the ${count} broadcasts before`,
  comparedLater: "It is compared with the broadcasts before when it is over.",
  firstBroadcast: "Your first broadcast: there is none to compare it with.",
  visits: "Visits",
  perViewer: "Each watched",
  timelineHeading: "Viewers through the show",
  retentionHeading: "How long people stay",
  retentionText:
    "Of everybody who came, how many still watched so many minutes later; and how many of all watched in each minute of the show.",
  stayedSeries: "Stayed that long",
  presentSeries: "Watched in that minute",
  halfStay: (minutes: number): string => `Half of your viewers stay for ${minutes} min or longer.`,
  halfLeave: "More than half of your viewers leave within a minute.",
  mostStay: "More than half of your viewers stay to the end.",
  mostStayYet: "More than half of your viewers have stayed up to now.",
  momentsHeading: "Best moments",
  momentsText: "Where chat or viewers rose above what was usual in this show.",
  noMoments: "No moment stood out",
  noMomentsText: "Chat and viewers went evenly.",
  momentReasons: {
    chat: "Chat took off",
    viewers: "Viewers came",
    both: "Viewers came, and chat took off",
  } as Readonly<Record<string, string>>,
  momentMessages: (count: number): string =>
    count === 1 ? "1 message" : `${wholeText(count)} messages`,
  momentViewers: (count: number): string =>
    count === 1 ? "1 viewer more" : `${wholeText(count)} viewers more`,
  titlesHeading: "Titles",
  watchAlone: "Nobody has watched this broadcast",
  watchAloneText: "There is nothing to draw of it.",
} as const;

export const boardTexts = {
  title: "Live screen",
  back: "Dashboard",
  watching: "watching now",
  lastMinutes: "Viewers of the last 10 minutes",
  trend: (least: number, most: number): string =>
    `Between ${wholeText(least)} and ${wholeText(most)} viewers in the last 10 minutes`,
  noTrend: "Nothing yet of the last 10 minutes",
  uptime: "On air for",
  chatRate: "Chat, a minute",
  followers: "New followers",
  latency: "Latency",
  health: "Stream",
  good: "Good",
  advice: "Could be better",
  warning: "Look at this",
  problem: "Trouble",
  noHealth: "Nothing comes in",
  unknownHealth: "Not known",
  offline: "Off air",
  offlineText: "The screen wakes up by itself when you go live.",
  reconnecting: "The server does not answer. The numbers are from before.",
  fullScreen: "Full screen",
  notYours: "This is none of your channels",
  unknown: "–",
} as const;
