import { AppError } from "../../core/base/errors.ts";
import type { Segment, TokenPart } from "../../core/jose/token/content.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { safe } from "../../output/sanitize.ts";
import type { Style } from "../../output/style.ts";
import { partText, rawPartJson } from "../../output/token/token-text.ts";
import type { Terminal } from "../terminal.ts";

type PartName = "header" | "payload" | "signature";

/**
 * Prints one part of a token and nothing else: its exact bytes into a pipe, so that they can be hashed, compared and
 * verified by other programs; on a terminal readable, and so that nothing in it acts.
 *
 * @returns what a person would read, for the clipboard
 * @throws AppError `token_malformed` when the token has no such part, `token_encrypted` when it cannot be read
 */
export function showPart(tokens: readonly DecodedToken[], name: PartName, terminal: Terminal): string {
  const [only] = tokens;
  if (only === undefined) return "";
  const { token } = only;
  const found = name === "signature" ? token.signature : name === "header" ? token.header : token.payload;
  if (found === undefined || (name === "signature" && found.text === "")) throw missing(token, name);
  const { stdout } = terminal;
  const plain = { ...terminal.style(stdout), columns: undefined, isTerminal: false };
  if (terminal.json) {
    terminal.show({ json: () => jsonOf(found), text: () => "" });
  } else if (stdout.isTerminal) stdout.write(readable(found, terminal.style(stdout)));
  else stdout.write(found.bytes);
  return readable(found, { ...plain, dim: (text) => text });
}

function isPart(found: Segment | TokenPart): found is TokenPart {
  return "content" in found;
}

function jsonOf(found: Segment | TokenPart): unknown {
  return isPart(found) ? rawPartJson(found) : found.text;
}

function readable(found: Segment | TokenPart, style: Style): string {
  if (!isPart(found)) return `${safe(found.text)}\n`;
  return found.content.kind === "text"
    ? `${safe(found.content.text)}\n`
    : partText(found, (text) => text, style);
}

function missing(token: InspectedToken, name: PartName): AppError {
  if (token.encrypted) {
    return new AppError("token_encrypted", `the ${name} cannot be shown: the token is encrypted (JWE)`, {
      hints: ["Only its header can be read: --part header"],
    });
  }
  return token.json === undefined
    ? new AppError("token_malformed", `the token has no ${name}`, { hints: ["Copy the whole token"] })
    : new AppError("token_malformed", `the ${name} is not in the token: it is detached`, {
        hints: ["Ask whoever sent the token for what was signed"],
      });
}
