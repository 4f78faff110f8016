import type { ChainVerdict } from "../../core/authority/audit/chain.ts";
import { chainFaultText } from "../../core/authority/audit/chain-fault.ts";
import type { AuditHead } from "../../core/authority/audit/entry.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface AuditVerdictView {
  readonly verdict: ChainVerdict;
  /** The verified file; undefined for the store's own log. */
  readonly file: string | undefined;
}

export function verifyJson({ verdict, file }: AuditVerdictView) {
  const { entries, start, head, faults, faultCount } = verdict;
  return {
    intact: faultCount === 0,
    file: file ?? null,
    entries,
    first_seq: entries === 0 ? null : start.seq + 1,
    last_seq: entries === 0 ? null : head.seq,
    start: anchorText(start),
    head: anchorText(head),
    faults: faults.map((fault) => ({ ...fault, meaning: chainFaultText(fault) })),
    fault_count: faultCount,
  };
}

export function verifyText({ verdict, file }: AuditVerdictView, style: Style): string {
  const what = file === undefined ? "the audit log" : style.strong(safe(file));
  const { entries, start, head, faults, faultCount } = verdict;
  if (faultCount === 0) {
    const range = entries === 0 ? "" : ` (${start.seq + 1} to ${head.seq})`;
    const lines = [
      `${style.good("intact:")} ${what}, ${counted(entries, "entry", "entries")}${range}`,
      `${style.dim("head")}  ${anchorText(head)}`,
    ];
    if (start.seq > 0) lines.push(`${style.dim("follows on")}  ${anchorText(start)}`);
    return `${lines.join("\n")}\n`;
  }
  const lines = faults.map((fault) => `  ${style.bad("fault")}  ${chainFaultText(fault)}`);
  if (faultCount > faults.length) lines.push(`  and ${faultCount - faults.length} more`);
  return `${style.bad("altered:")} ${what} is not what was written\n${lines.join("\n")}\n`;
}

/** An anchor as `--head` takes it: `1200:9f86…`. */
export function anchorText({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}
