import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface JwksWritten {
  readonly file: string;
  /** How many keys the set publishes. */
  readonly keys: number;
  /** False when the file had these bytes already. */
  readonly changed: boolean;
}

export function jwksWrittenJson({ file, keys, changed }: JwksWritten) {
  return { file, keys, changed };
}

export function jwksWrittenText({ file, keys, changed }: JwksWritten, style: Style): string {
  const what = changed ? style.good("wrote") : style.good("up to date:");
  return `${what} ${style.strong(safe(file))}  ${style.dim(`${keys} public key${keys === 1 ? "" : "s"}`)}\n`;
}
