/** Words of the pages on which people come in, and prove who they are. */

export const peopleTexts = {
  address: "E-mail address",
  displayName: "Your name",
  displayNameHint: "What others see. You can change it at any time.",
  newPassword: "New password",
  password: "Password",
  toHome: "See what is live",
  toSettings: "To your settings",
  toSignIn: "Sign in",
  with: (issuer: string): string => `Continue with ${issuer}`,
  or: "or",
} as const;

export function newPasswordHint(charactersMin: number): string {
  return `At least ${charactersMin} characters that are not easily guessed, such as four unrelated words.`;
}

export const signInTexts = {
  heading: "Sign in",
  submit: "Sign in",
  forgot: "Forgot your password?",
  newHere: "New here?",
  invited: "Accounts are made by invitation here.",
  signUp: "Make an account",
  codeHeading: "One more step",
  codeLead: "Open your authenticator app, and enter the code for this server.",
  code: "Code",
  codeHint: "Six digits, or one of your recovery codes.",
  codeSubmit: "Sign in",
  startOver: "Start over",
  waiting: "Signing you in…",
} as const;

/** What went wrong at an issuer, where the words for other forms would mislead. */
export const issuerProblemTexts: Readonly<Record<string, string>> = {
  conflict:
    "There is an account with your address already. Sign in to it with its password, then add this way to sign in under your settings.",
  "registration-closed": "You have no account here, and cannot make one this way.",
  "link-void": "This sign-in was begun in another browser, or took too long. Try again.",
};

export const signUpTexts = {
  heading: "Make an account",
  lead: "We mail you a link. Whoever opens it chooses a password, so that nobody can use your address but you.",
  submit: "Mail me the link",
  mailedHeading: "Look into your mail",
  mailed: (email: string): string => `A link is on its way to ${email}. Open it on this or any other device.`,
  mailedHint:
    "Nothing there after some minutes? Look into the folder for spam, or ask the people who run this server.",
  finishHeading: "Almost there",
  finishLead: "Choose how others see you, and a password.",
  finish: "Make my account",
  have: "You have an account?",
  closedHeading: "Nobody can register here",
  closed: "The people who run this server make the accounts themselves.",
  invitedHeading: "By invitation",
  invited: "To make an account here you need a link from the people who run this server.",
  voidHeading: "This link is not good any more",
  void: "It was used, has expired, or was cut short. Begin again to get a new one.",
  again: "Begin again",
} as const;

export const setUpTexts = {
  heading: "Welcome to your server",
  lead: "Make the administrator’s account. Others are invited from there.",
  submit: "Make the administrator",
  missingHeading: "Open the link from the console",
  missing:
    "The server prints a link when it starts, as long as there is no administrator. Open that one: it holds a secret that this address lacks.",
  voidHeading: "This link is not good any more",
  void: "It was used, was cut short, or the server has been started again since. If there is an administrator already, sign in; else open the link that the server printed last, all of it.",
} as const;

export const resetTexts = {
  forgotHeading: "Choose a new password",
  forgotLead: "Enter the address of your account, and we mail you a link.",
  forgotSubmit: "Mail me the link",
  mailedHeading: "Look into your mail",
  mailed: (email: string): string => `If ${email} has an account here, a link is on its way to it.`,
  chooseHeading: "Choose a new password",
  chooseLead: "You are signed out everywhere, and your personal tokens end.",
  chooseSubmit: "Save the password",
  doneHeading: "Your password is changed",
  done: "Sign in with it now.",
} as const;

export const confirmEmailTexts = {
  heading: "Confirm your new address",
  lead: "From now on you sign in with it, and get mail there.",
  submit: "Confirm the address",
  doneHeading: "Your address is changed",
  done: "The old one has been told.",
  missingHeading: "This link is not whole",
  missing: "Open the link from the mail once more. Some mail programs cut long links.",
} as const;
