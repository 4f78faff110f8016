import { AppError } from "../../../core/base/errors.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { afterRepair } from "../found.ts";
import type { KeyReader } from "../key-reader.ts";
import { malformed } from "../refusals.ts";
import { assignmentsOf } from "./assignments.ts";
import { mergedKeys, type Part, readPart } from "./parts.ts";

/** Fewer characters are no key in any encoding. */
const SHORTEST_KEY = 40;

/** No file of variables has more long values. */
const MAX_VALUES = 1_000;

/**
 * The keys that variables of an environment file, a Kubernetes Secret or a configuration hold.
 * @returns the refusal when none does: the text may be something else after all
 */
export async function keysOfVariables(text: string, reader: KeyReader): Promise<ReadKeys | AppError> {
  const parts: Part[] = [];
  for (const { name, value } of assignmentsOf(text)) {
    if (value.length < SHORTEST_KEY) continue;
    if (parts.length >= MAX_VALUES) {
      throw new AppError("input_too_large", `more than ${MAX_VALUES} values in this file look like a key`, {
        hints: ["Give a file with the keys alone"],
      });
    }
    parts.push(await readPart(value, { place: `"${name}"`, kid: undefined, alg: undefined }, reader));
  }
  const found = parts.filter(({ read }) => !(read instanceof AppError));
  if (found.length > 0) {
    const names = found.map(({ place }) => place).slice(0, 3);
    const message = `the key was read from the ${names.length === 1 ? "variable" : "variables"} ${names.join(", ")}`;
    return afterRepair(mergedKeys(parts), { code: "variable", message });
  }
  const damaged = parts.find(({ isKey }) => isKey)?.read;
  if (damaged instanceof AppError) return damaged;
  return malformed(
    "this file sets variables, and no value in it is a key",
    "Give the file with the key, or a variable of your environment as env:NAME",
    "A shared secret is given with --secret env:NAME, where a command has it",
  );
}
