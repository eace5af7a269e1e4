import type { User } from "../api/schema-names.js";
import { api } from "../api/server.js";
import type { Confirmation } from "../forms/confirm-dialog.js";
import { userActionTexts as texts } from "../texts/admin.js";

/** Something that an administrator can do with an account. */
export interface UserAction {
  readonly label: string;
  readonly question: string;
  readonly isDangerous: boolean;
  readonly asksReason: boolean;
  /** Whether it makes or unmakes power over accounts: who asks proves who they are. */
  readonly asksProof?: boolean;
  readonly work: (answer: Confirmation, signal: AbortSignal) => Promise<void>;
}

/** What can be done with an account as it is. Nobody suspends or deletes themselves here. */
export function actionsFor(user: User, isOwn: boolean): readonly UserAction[] {
  const actions = [roleAction(user), ...mails(user)];
  if (isOwn) return actions;
  return [...actions, suspension(user), ...endings(user)];
}

function roleAction({ id, displayName, role }: User): UserAction {
  const isAdmin = role === "admin";
  return {
    label: isAdmin ? texts.demote : texts.promote,
    question: isAdmin ? texts.demoteQuestion(displayName) : texts.promoteQuestion(displayName),
    isDangerous: false,
    asksReason: false,
    asksProof: true,
    work: async ({ password }, signal) => {
      const path = { account_id: id };
      // The list holds no ETags; what counts is that it is as it was a moment ago.
      const { etag } = await api.get("/admin/users/{account_id}", { path, signal });
      await api.put("/admin/users/{account_id}/role", {
        path,
        body: { role: isAdmin ? "user" : "admin", password },
        ifMatch: etag ?? "",
        signal,
      });
    },
  };
}

function mails({ id, email }: User): UserAction[] {
  return [
    {
      label: texts.reset,
      question: texts.resetQuestion(email),
      isDangerous: false,
      asksReason: false,
      work: async (_, signal) => {
        const path = { account_id: id };
        await api.post("/admin/users/{account_id}/password-reset", { path, signal });
      },
    },
  ];
}

function suspension({ id, displayName, suspendedAt }: User): UserAction {
  const path = { account_id: id };
  if (suspendedAt !== null) {
    return {
      label: texts.restore,
      question: displayName,
      isDangerous: false,
      asksReason: false,
      work: async (_, signal) => {
        await api.delete("/admin/users/{account_id}/suspension", { path, signal });
      },
    };
  }
  return {
    label: texts.suspend,
    question: texts.suspendQuestion(displayName),
    isDangerous: true,
    asksReason: true,
    work: async ({ note: reason }, signal) => {
      await api.put("/admin/users/{account_id}/suspension", { path, body: { reason }, signal });
    },
  };
}

function endings({ id, displayName }: User): UserAction[] {
  const path = { account_id: id };
  return [
    {
      label: texts.signOut,
      question: texts.signOutQuestion(displayName),
      isDangerous: true,
      asksReason: false,
      work: async (_, signal) => {
        await api.delete("/admin/users/{account_id}/sessions", { path, signal });
      },
    },
    {
      label: texts.removeFactor,
      question: texts.removeFactorQuestion(displayName),
      isDangerous: true,
      asksReason: false,
      asksProof: true,
      work: async ({ password }, signal) => {
        await api.post("/admin/users/{account_id}/second-factor/removal", {
          path,
          body: { password },
          signal,
        });
      },
    },
    {
      label: texts.delete,
      question: texts.deleteQuestion(displayName),
      isDangerous: true,
      asksReason: false,
      work: async (_, signal) => {
        await api.delete("/admin/users/{account_id}", { path, signal });
      },
    },
  ];
}
