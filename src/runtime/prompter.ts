import prompts, { type PromptObject } from "prompts";
import { AppError } from "../core/base/errors.ts";
import type { Prompter } from "./runtime.ts";

/** Questions on stderr, so that stdout stays the answer's. @throws AppError `cancelled` on Ctrl-C or Ctrl-D */
export function createPrompter(): Prompter {
  return {
    text: (message) => ask({ type: "text", message }),
    secret: (message) => ask({ type: "password", message }),
    confirm: (message) => ask({ type: "confirm", message, initial: false }),
    choose: (message, choices) =>
      ask(
        { type: "select", message, choices: choices.map((title, value) => ({ title, value })) },
        "nothing was chosen",
      ),
  };
}

interface Question {
  readonly type: "text" | "password" | "confirm" | "select";
  readonly message: string;
  readonly initial?: boolean;
  readonly choices?: { title: string; value: number }[];
}

/** @param consequence what it means when the user answers with Ctrl-C */
async function ask<T>(question: Question, consequence = "nothing was changed"): Promise<T> {
  const cancellation = () => new AppError("cancelled", `cancelled; ${consequence}`);
  let cancelled = false;
  process.stdin.ref();
  // Node ends with code 13 when the terminal goes away during a prompt; a closed input is a cancelled question.
  const closed = new Promise<never>((_, reject) => {
    process.stdin.once("end", () => reject(cancellation()));
  });
  closed.catch(() => undefined);
  const prompt = prompts(
    { ...question, name: "answer", stdout: process.stderr, stdin: process.stdin } as PromptObject<"answer">,
    {
      onCancel: () => {
        cancelled = true;
      },
    },
  );
  const answers = await Promise.race([prompt, closed]);
  // The question is answered: a terminal that stays open must not keep the program alive.
  process.stdin.unref();
  if (cancelled || answers.answer === undefined) throw cancellation();
  return answers.answer as T;
}
