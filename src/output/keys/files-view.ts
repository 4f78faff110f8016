import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { KeyEncoding } from "../../core/jose/ports/crypto.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { headline } from "./key-text.ts";

export interface WrittenKey {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly encoding: KeyEncoding;
  /** Whether the private half is encrypted; null when only the public half was written. */
  readonly encrypted: boolean | null;
  /** The file of each half; null for a half that was not written to a file. */
  readonly privateFile: string | null;
  readonly publicFile: string | null;
}

/** The files of a dry run: everything but the key. */
export interface PlannedFiles extends Omit<WrittenKey, "kid"> {
  readonly kid: null;
}

export function writtenKeyJson(written: WrittenKey) {
  return filesJson(written, false);
}

export function plannedFilesJson(planned: PlannedFiles) {
  return filesJson(planned, true);
}

function filesJson(files: WrittenKey | PlannedFiles, dryRun: boolean) {
  return {
    dry_run: dryRun,
    changed: true,
    kid: files.kid,
    alg: files.alg,
    format: files.encoding,
    encrypted: files.encrypted,
    private_file: files.privateFile,
    public_file: files.publicFile,
  };
}

export function writtenKeyText(written: WrittenKey, style: Style): string {
  const { kid, alg, privateFile, publicFile, encrypted } = written;
  const lines = [`${style.good("wrote")} ${style.strong(safe(kid))}  ${alg}`];
  const line = (half: string, path: string, remark: string) =>
    `  ${style.dim(half.padEnd(7))}  ${safe(path)}  ${remark}`;
  if (privateFile !== null) {
    const remark = encrypted
      ? style.dim("encrypted under its passphrase")
      : style.doubtful("not encrypted: whoever has the file can sign");
    lines.push(line("private", privateFile, remark));
  }
  if (publicFile !== null) lines.push(line("public", publicFile, style.dim("for those who verify")));
  return `${lines.join("\n")}\n`;
}

export function plannedFilesText({ alg, privateFile, publicFile }: PlannedFiles, style: Style): string {
  const lines = [headline(true, "", `would make a key pair for ${alg}`, style)];
  for (const path of [privateFile, publicFile]) if (path !== null) lines.push(`  ${safe(path)}`);
  return `${lines.join("\n")}\n`;
}
