/** Words of the frame around every page. */

export const shellTexts = {
  accountMenu: "Your account",
  accountPages: "Your pages",
  admin: "Administration",
  askFailed: "The server did not say who you are",
  dashboard: "Your channels",
  following: "Following",
  goLive: "Go live",
  home: "Rillcast, home",
  loadFailed: "This page did not load",
  pageGone: "Your connection was lost, or the server has new pages. Reload to go on.",
  reload: "Reload",
  search: "Search",
  searchLabel: "Search channels and broadcasts",
  settings: "Settings",
  signIn: "Sign in",
  signOut: "Sign out",
  signUp: "Sign up",
  skip: "Skip to content",
} as const;

/** Titles of pages whose title never changes. */
export const pageTitles = {
  admin: "Administration",
  "confirm-email": "Confirm your address",
  following: "Following",
  "not-found": "Not found",
  "reset-password": "Choose a new password",
  "set-up": "Set up",
  settings: "Settings",
  "sign-in": "Sign in",
  "sign-up": "Sign up",
  unsubscribe: "No more mails",
} as const;

/** The title of a page in the browser's tab. */
export function titleOf(page: string): string {
  return `${page} · Rillcast`;
}
