import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface JwksWritten {
  readonly file: string;
  /** The number of published keys. */
  readonly keys: number;
  /** False when the file had this content already. */
  readonly changed: boolean;
}

export function jwksWrittenJson({ file, keys, changed }: JwksWritten) {
  return { file, keys, changed };
}

export function jwksWrittenText({ file, keys, changed }: JwksWritten, style: Style): string {
  const what = changed ? style.good("wrote") : style.good("up to date:");
  return `${what} ${style.strong(safe(file))}  ${style.dim(`${keys} public key${keys === 1 ? "" : "s"}`)}\n`;
}
