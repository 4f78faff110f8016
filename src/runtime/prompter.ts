import prompts, { type PromptObject } from "prompts";
import { AppError } from "../core/errors.ts";
import type { Prompter } from "./runtime.ts";

/** Questions on stderr, so that stdout stays the answer's. @throws AppError `cancelled` on Ctrl-C or Ctrl-D */
export function createPrompter(): Prompter {
  return {
    text: (message) => ask({ type: "text", message }),
    secret: (message) => ask({ type: "password", message }),
    confirm: (message) => ask({ type: "confirm", message, initial: false }),
    choose: (message, choices) =>
      ask({ type: "select", message, choices: choices.map((title, value) => ({ title, value })) }),
  };
}

async function ask<T>(question: {
  type: "text" | "password" | "confirm" | "select";
  message: string;
  initial?: boolean;
  choices?: { title: string; value: number }[];
}): Promise<T> {
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

function cancellation(): AppError {
  return new AppError("cancelled", "cancelled; nothing was changed");
}
