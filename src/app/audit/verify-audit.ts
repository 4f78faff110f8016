import { readExportLine } from "../../core/authority/audit/canonical.ts";
import { ChainCheck, type ChainVerdict, type Sha256 } from "../../core/authority/audit/chain.ts";
import type { AuditHead } from "../../core/authority/audit/entry.ts";
import { AppError } from "../../core/base/errors.ts";

/** The longest line of an export, in UTF-16 units: one of a thousand revoked sessions fits. */
export const MAX_LINE = 1024 * 1024;

/** Verifies the lines of an export. @param anchor an entry's number and hash, noted elsewhere */
export async function verifyLines(
  lines: AsyncIterable<string>,
  { sha256, anchor }: { sha256: Sha256; anchor: AuditHead | undefined },
): Promise<ChainVerdict> {
  const check = new ChainCheck(sha256, anchor);
  let number = 0;
  for await (const text of lines) {
    number++;
    const line = readExportLine(text.endsWith("\r") ? text.slice(0, -1) : text);
    if (line === undefined) check.unreadable(number);
    else check.line(line);
  }
  return check.verdict();
}

/** Parses an anchor such as `1200:9f86…`. @throws AppError `usage` */
export function parseAnchor(text: string): AuditHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim().toLowerCase()) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new AppError("usage", `"${text}" is not an entry's number and hash`, {
    hints: ["Give it as audit verify has printed it: 1200:9f86d0…, with all 64 digits"],
  });
}
