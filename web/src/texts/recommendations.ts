/** Words of recommendations: why something is recommended, and the settings of it. */

export const recommendationTexts = {
  heading: "For you",
  followed: "You follow it",
  watched: "You watched it lately",
  category: (name: string): string => `Because you watch ${name}`,
  tag: (tag: string): string => `Because you watch #${tag}`,
  language: (name: string): string => `In ${name}`,
  popular: "Many watch it",
} as const;

export const recommendationSettingsTexts = {
  heading: "Recommendations",
  lead: "What is live is recommended to you by what you follow and what you watched lately. Nobody else sees either.",
  wanted: "Recommend channels to me",
  wantedHint: "Switched off, the server forgets what you watched and remembers nothing more.",
  on: "Recommendations are on.",
  off: "Recommendations are off, and what you watched is forgotten.",
  offHere: "This server recommends nothing to anybody.",
  history: "What you watched",
  nothing: "Nothing is remembered",
  nothingText: "Channels that you watch for a while appear here.",
  gone: "A channel that is no more",
  lastOn: "last on",
  forget: "Forget",
  forgetLabel: (name: string): string => `Forget ${name}`,
  forgetAll: "Forget all",
  forgot: (name: string): string => `${name} is forgotten.`,
  forgotAll: "All that you watched is forgotten.",
} as const;
