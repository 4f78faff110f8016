import { AppError } from "../core/base/errors.ts";
import { createStyle } from "../output/style.ts";
import type { Context } from "./context.ts";
import type { View } from "./conversation.ts";
import { MAX_TEXT_BYTES } from "./input.ts";

/** What was copied. @throws AppError `clipboard_unavailable`, `usage` when it is empty */
export async function readClipboard(context: Context): Promise<string> {
  const text = new TextDecoder().decode(await (await context.runtime.clipboard()).read(MAX_TEXT_BYTES));
  if (text.trim() !== "") return text;
  throw new AppError("usage", "the clipboard is empty, or holds no text", {
    hints: ["Copy the token first"],
  });
}

/**
 * Copies an answer in the form in which it would go into a pipe: without colours and line breaks for a width. Like
 * everything that is printed it holds no character that would act on a terminal, where it may well be pasted.
 *
 * @throws AppError `clipboard_unavailable`
 */
export async function copyAnswer(context: Context, answer: string | View): Promise<void> {
  const plain = createStyle({ color: false, isTerminal: false, columns: undefined });
  const { jsonDocument } = await import("../output/json.ts");
  const text =
    typeof answer === "string"
      ? answer
      : context.globals.json
        ? jsonDocument(answer.json())
        : answer.text(plain);
  await (await context.runtime.clipboard()).write(text);
  context.note("copied to the clipboard");
}
