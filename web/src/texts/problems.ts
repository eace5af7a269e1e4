export const linkVoidText =
  "This link is not good any more: it was used, has expired, or was cut short.";

/**
 * What to tell people when the server says no, by the problem's code.
 *
 * Where the server's own sentence says more (what exactly conflicts, how long to wait), it has no
 * entry here, and that sentence is shown.
 */
export const problemTexts: Readonly<Record<string, string>> = {
  unauthenticated: "You are not signed in any more. Sign in, and try again.",
  forbidden: "You may not do this.",
  "cross-site": "The request was taken for one of another site. Reload the page and try again.",
  "not-found": "It is not there any more.",
  "precondition-failed": "It was changed elsewhere in the meantime. Reload the page to see how.",
  "request-running": "This is being worked on already. Try again in a moment.",
  "already-created": "It was made, but its secret was shown once and got lost on the way. Remove it and make another.",
  "too-large": "That is too large.",
  "unsupported-media-type": "A file of this kind cannot be used.",
  invalid: "Some fields need another look.",
  "too-many-requests": "That was a lot at once. Try again in a moment.",
  internal: "The server made a mistake. It has been noted; try again later.",
  unavailable: "The server is busy. Try again in a moment.",
  suspended: "This account is suspended. Ask the people who run this server.",
  "sign-in-again": "You signed in too long ago for this. Sign in again to show that it is you.",
  "registration-closed": "You cannot make an account here without an invitation.",
  "link-void": linkVoidText,
  "issuer-failed": "The other side did not confirm who you are. Try again.",
};

export const unreachableText = "The server did not answer. Check your connection and try again.";
export const unexpectedText = "Something went wrong in this page. Reload it and try again.";
