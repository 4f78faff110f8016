import { counted } from "../../core/base/text/wording.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface ConvertedFile {
  readonly file: string;
  readonly keys: number;
  readonly half: "public" | "private";
  readonly format: string;
  readonly encrypted: boolean;
}

/** One line on the file that was written, and a second one where others must not read it. */
export function writtenFileText(
  { file, keys, half, format, encrypted }: ConvertedFile,
  style: Style,
): string {
  const what = `${counted(keys, `${half} key`)} as ${format.toUpperCase()}`;
  const line = `${style.good("wrote")} ${style.strong(safe(file))}  ${what}\n`;
  if (half === "public") return line;
  const remark = encrypted
    ? style.dim("encrypted under its passphrase")
    : style.doubtful("not encrypted: whoever has the file can sign");
  return `${line}  ${remark}\n`;
}
