import type { AuditHead } from "../../core/authority/audit/entry.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { anchorText } from "./verify-view.ts";

export interface AuditExportedView {
  readonly file: string;
  readonly entries: number;
  readonly previous: AuditHead;
  readonly head: AuditHead;
}

export function exportedJson({ file, entries, previous, head }: AuditExportedView) {
  return { file, entries, start: anchorText(previous), head: anchorText(head) };
}

export function exportedText({ file, entries, head }: AuditExportedView, style: Style): string {
  const count = counted(entries, "entry", "entries");
  return `${style.good("exported")} ${count} to ${style.strong(safe(file))}\n${style.dim("head")}  ${anchorText(head)}\n`;
}
