import { AppError } from "../core/base/errors.ts";
import { createStyle } from "../output/style.ts";
import type { Needs } from "./command.ts";
import { MAX_TEXT_BYTES } from "./input.ts";
import type { View } from "./terminal.ts";

/** What was copied. @throws AppError `clipboard_unavailable`, `usage` when it is empty */
export async function readClipboard({ clipboard }: Needs<"clipboard">): Promise<string> {
  const text = new TextDecoder().decode(await (await clipboard()).read(MAX_TEXT_BYTES));
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
export async function copyAnswer(
  answer: string | View,
  { clipboard, terminal }: Needs<"clipboard" | "terminal">,
): Promise<void> {
  const plain = createStyle({ color: false, isTerminal: false, columns: undefined });
  const { jsonDocument } = await import("../output/json.ts");
  const text =
    typeof answer === "string" ? answer : terminal.json ? jsonDocument(answer.json()) : answer.text(plain);
  await (await clipboard()).write(text);
  terminal.note("copied to the clipboard");
}
