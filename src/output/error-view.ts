import type { AppError } from "../core/base/errors.ts";
import { jsonDocument } from "./json.ts";
import { messageText } from "./message.ts";
import type { Style } from "./style.ts";

/** `error:` and `hint:` lines; on a terminal they fit its width. */
export function errorText(error: AppError, style: Style): string {
  const hints = error.hints.map((hint) => messageText("hint:", style.command, hint, style));
  return [messageText("error:", style.bad, error.message, style), ...hints].join("");
}

/** `{error: {code, message, hints}}`. */
export function errorJson(error: AppError): string {
  return jsonDocument({ error: { code: error.code, message: error.message, hints: error.hints } });
}
