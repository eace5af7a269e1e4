import type { CurrentSession, Me } from "../api/schema-names.js";

/** Who may make an account: anybody, who is invited, or nobody. */
export type RegistrationMode = CurrentSession["registration"];

/** What the pages know of who looks at them. */
export type SessionState =
  | { readonly kind: "asking" }
  /** The server has no accounts: there is nobody to be. */
  | { readonly kind: "no-accounts" }
  /** Nobody has answered; people are treated as visitors until somebody does. */
  | { readonly kind: "unknown" }
  | { readonly kind: "signed-out" }
  | { readonly kind: "signed-in"; readonly me: Me };

/** Who is signed in, if anybody. */
export function personOf(state: SessionState): Me | null {
  return state.kind === "signed-in" ? state.me : null;
}
