import type { JsonObject } from "../../core/base/json/value.ts";

export interface ShownMint {
  readonly token: string;
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** The document of `mint --json`. */
export function mintJson({ token, header, payload }: ShownMint) {
  return { token, header, payload };
}

/** The token and nothing else, for `TOKEN=$(jwtctl mint …)`. */
export function mintText({ token }: ShownMint): string {
  return `${token}\n`;
}
