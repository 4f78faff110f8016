import type { AuditHead } from "../../core/authority/audit/entry.ts";
import type { UndoneChange } from "../../core/authority/backup/undone-changes.ts";
import type { StoreCounts } from "../../core/authority/ports/backups.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { anchorText } from "../audit/verify-view.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { countsJson, countsText } from "./backup-view.ts";

export interface RestoreView {
  readonly file: string;
  readonly db: string;
  readonly counts: StoreCounts;
  /** Null when nothing was replaced. */
  readonly keptAside: string | null;
  readonly keptSessions: boolean;
  readonly revoked: readonly string[];
  /** Null when the replaced store could not be read. */
  readonly undone: readonly UndoneChange[] | null;
  /** The last entry of the audit log in the backup. */
  readonly backupHead: AuditHead;
}

export function restoreJson(view: RestoreView) {
  return {
    db: view.db,
    file: view.file,
    kept_aside: view.keptAside,
    ...countsJson(view.counts),
    audit_head: anchorText(view.backupHead),
    revoked: view.revoked,
    undone: view.undone,
  };
}

export function restoreText(view: RestoreView, style: Style): string {
  const { db, file, counts, keptAside, revoked, keptSessions } = view;
  const lines = [
    `${style.good("restored")} ${style.strong(safe(db))} from ${safe(file)}`,
    `  ${countsText(counts)}`,
    ...(keptAside === null ? [] : [`  what was there is kept: ${safe(keptAside)}`]),
    keptSessions
      ? `  ${style.doubtful("logins were kept:")} refresh tokens that were used since the backup work again, stolen ones too`
      : `  ${counted(revoked.length, "login")} ended: a backup does not know which refresh tokens were used since`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Warnings about changes that the restore took back. */
export function undoneText({ undone, keptAside }: RestoreView): string[] {
  if (undone === null) {
    return [
      `what was there could not be read (${keptAside ?? "nothing is kept"}): keys revoked, users disabled and passwords changed since the backup are as they were then`,
    ];
  }
  return undone.map(undoneLine);
}

function undoneLine(undone: UndoneChange): string {
  switch (undone.kind) {
    case "key_revocation":
      return `the key ${undone.kid} was revoked after the backup and is trusted again: jwtctl keys revoke ${shellWord(undone.kid)}`;
    case "key_lost":
      return `the key ${undone.kid} came after the backup: tokens that it has signed cannot be verified any more`;
    case "user_disabled":
      return `the user ${undone.user} was disabled after the backup and may log in again: jwtctl users disable ${shellWord(undone.user)}`;
    case "user_removed":
      return `the user ${undone.user} was removed after the backup and is there again: jwtctl users remove ${shellWord(undone.user)}`;
    case "user_added":
      return `the user ${undone.user} was added after the backup and is gone: jwtctl users add ${shellWord(undone.user)}`;
    case "password_changed":
      return `the user ${undone.user} changed the password after the backup, and has the old one again: jwtctl users passwd ${shellWord(undone.user)}`;
  }
}
