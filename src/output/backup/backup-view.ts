import type { BackedUp, StoreCounts } from "../../core/authority/ports/backups.ts";
import { anchorText } from "../audit/verify-view.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface BackupView extends BackedUp {
  readonly file: string;
}

export function backupJson({ file, bytes, counts, audit }: BackupView) {
  return {
    file,
    bytes,
    ...countsJson(counts),
    audit_head: audit === null ? null : anchorText(audit.head),
    audit_intact: audit === null ? null : audit.faultCount === 0,
  };
}

/** The counts of a store, for `backup` and `restore`. */
export function countsJson({ keys, users, sessions, refreshTokens, auditEntries }: StoreCounts) {
  return { keys, users, sessions, refresh_tokens: refreshTokens, audit_entries: auditEntries };
}

export function backupText({ file, counts, audit }: BackupView, style: Style): string {
  const lines = [
    `${style.good("backed up")} to ${style.strong(safe(file))}, and verified`,
    `  ${countsText(counts)}`,
    ...(audit === null ? [] : [`  ${style.dim("audit head")}  ${anchorText(audit.head)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

export function countsText({ keys, users, sessions, auditEntries }: StoreCounts): string {
  return [
    counted(keys, "key"),
    counted(users, "user"),
    counted(sessions, "login"),
    counted(auditEntries, "audit entry", "audit entries"),
  ].join(", ");
}
