/** Words of forms, lists and dialogs, whatever they are about. */

export const formTexts = {
  busy: "One moment…",
  cancel: "Cancel",
  close: "Close",
  empty: "Nothing here yet",
  failed: "That did not work",
  invalid: "Some fields need another look",
  loading: "Loading",
  loadFailed: "This did not load",
  loadMore: "Show more",
  optional: "optional",
  password: "Your password",
  passwordHint: "To be sure that it is you.",
  retry: "Try again",
  save: "Save",
  saved: "Saved.",
  signInAgain: "Sign in again",
  shownOnce: "Copy it now: it is not shown again.",
} as const;
