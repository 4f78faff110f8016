import { AppError } from "../../core/base/errors.ts";

/** What a key or a file does not yield is left out; a diagnosis never fails because of it. */
export async function orUndefined<Value>(attempt: Promise<Value>): Promise<Value | undefined> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
