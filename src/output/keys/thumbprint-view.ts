import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface ThumbprintView {
  readonly hash: string;
  readonly keys: readonly {
    readonly kid: string | null;
    readonly thumbprint: string;
    readonly uri: string;
  }[];
}

export function thumbprintJson({ hash, keys }: ThumbprintView) {
  return { hash, keys: keys.map(({ kid, thumbprint, uri }) => ({ kid, thumbprint, uri })) };
}

/** One thumbprint on a line, followed by the kid when there are several keys. */
export function thumbprintText({ keys }: ThumbprintView, asUri: boolean, style: Style): string {
  const lines = keys.map(({ kid, thumbprint, uri }) => {
    const shown = asUri ? uri : thumbprint;
    return keys.length === 1 || kid === null ? shown : `${shown}  ${style.dim(safe(kid))}`;
  });
  return `${lines.join("\n")}\n`;
}
