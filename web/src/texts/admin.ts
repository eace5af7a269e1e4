/** Words of administration: people and invitations. */

export const adminSectionNames = {
  "": "Overview",
  people: "People",
  invitations: "Invitations",
  channels: "Channels",
  chat: "Chat",
  webhooks: "Webhooks",
} as const;

export const adminTexts = {
  heading: "Administration",
  sections: "Sections of administration",
} as const;

export const roleNames = { user: "Member", admin: "Administrator" } as const;

export const usersTexts = {
  heading: "People",
  filter: "Find",
  words: "Name or e-mail address",
  role: "Role",
  anyRole: "Any",
  state: "State",
  anyState: "Any",
  active: "Active",
  suspendedOnly: "Suspended",
  empty: "Nobody here",
  emptyText: "No account fits what you have asked for.",
  suspended: "Suspended",
  you: "You",
  since: "Here since",
  signedIn: "last signed in",
  neverSignedIn: "never signed in",
  noPassword: "signs in from elsewhere",
  reason: (reason: string): string => `Reason: ${reason}`,
  manage: "Manage",
  manageLabel: (name: string): string => `Manage ${name}`,
} as const;

export const userActionTexts = {
  promote: "Make an administrator",
  promoteQuestion: (name: string): string => `${name} may then do all that you may do here.`,
  demote: "Make a member",
  demoteQuestion: (name: string): string => `${name} is an administrator no more. Their invitations are void.`,
  suspend: "Suspend",
  suspendQuestion: (name: string): string =>
    `All log-ins of ${name} end, and what is live is cut. You can undo it.`,
  reason: "Reason",
  reasonHint: "Administrators see it.",
  restore: "Lift the suspension",
  signOut: "Sign out everywhere",
  signOutQuestion: (name: string): string => `All log-ins of ${name} end at once.`,
  reset: "Mail a link for a new password",
  resetQuestion: (email: string): string => `A link is mailed to ${email}.`,
  removeFactor: "Remove the second factor",
  removeFactorQuestion: (name: string): string =>
    `For somebody who has lost app and recovery codes. All log-ins of ${name} end. Be sure that it is they who ask.`,
  delete: "Delete the account",
  deleteQuestion: (name: string): string =>
    `All that is ${name}’s is gone at once and for good: channels, keys, followers, past broadcasts.`,
  done: "Done.",
} as const;

export const invitationsTexts = {
  heading: "Invitations",
  lead: "Those that are still good. Their links were shown once, when they were made.",
  empty: "No open invitations",
  emptyText: "Invite somebody above.",
  anybody: "For anybody with the link",
  usesLeft: (uses: number): string => (uses === 1 ? "good once" : `good ${uses} times`),
  expires: "expires",
  withdraw: "Withdraw",
  withdrawLabel: (whom: string): string => `Withdraw the invitation of ${whom}`,
  withdrawQuestion: "Its link is void at once.",
  withdrawn: "The invitation is void.",
  create: "Invite",
  createQuestion: (email: string | null, role: "user" | "admin"): string => {
    const whom = email ?? "Whoever has the link";
    return role === "admin"
      ? `${whom} becomes an administrator, and may do all that you may do here.`
      : `${whom} can make an account.`;
  },
  newHeading: "Invite somebody",
  email: "E-mail address",
  emailHint: "The link is mailed there, and good once. Without an address it is for anybody whom you give it to.",
  role: "Role",
  uses: "How many people can use it",
  usesHint: "Without an address alone.",
  days: "Days until it expires",
  daysHint: "As the server is set up, if empty.",
  made: "The link",
  madeMailed: (email: string): string => `It is on its way to ${email}, too.`,
} as const;
