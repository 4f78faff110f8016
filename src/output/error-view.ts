import type { AppError } from "../core/base/errors.ts";
import { jsonDocument } from "./json.ts";
import { messageText } from "./message.ts";
import type { Style } from "./style.ts";

/** An error as `error:` and `hint:` lines, wrapped on a terminal. */
export function errorText(error: AppError, style: Style): string {
  const hints = error.hints.map((hint) => messageText("hint:", style.command, hint, style));
  return [messageText("error:", style.bad, error.message, style), ...hints].join("");
}

/** An error as JSON: `{error: {code, message, hints}}`, and `retry_after` (seconds) when there is a time to wait. */
export function errorJson({ code, message, hints, data }: AppError): string {
  const wait = typeof data["retry_after"] === "number" ? { retry_after: data["retry_after"] } : {};
  return jsonDocument({ error: { code, message, hints, ...wait } });
}
