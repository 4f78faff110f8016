import type { AppError } from "../core/errors.ts";
import { jsonDocument } from "./json.ts";
import { safe } from "./sanitize.ts";
import type { Style } from "./style.ts";

/** `error:` and `hint:` lines. */
export function errorText(error: AppError, style: Style): string {
  const lines = [`${style.bad("error:")} ${safe(error.message)}`];
  for (const hint of error.hints) lines.push(`${style.command("hint:")} ${safe(hint)}`);
  return `${lines.join("\n")}\n`;
}

/** `{error: {code, message, hints}}`. */
export function errorJson(error: AppError): string {
  return jsonDocument({ error: { code: error.code, message: error.message, hints: error.hints } });
}
