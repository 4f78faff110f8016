import type { Command, Option } from "commander";
import { AppError } from "../core/base/errors.ts";
import { collect } from "./options.ts";

/** commander's commands are event emitters; its types hide this half of it. */
interface Emitter {
  prependListener(event: string, listener: () => void): unknown;
}

/**
 * Makes a command refuse what it would otherwise decide by the order of the words: an option with one value that is
 * given twice, and `--exp` together with `--no-exp`. Where the last one silently won, a claim or a path that was typed
 * would be lost. Flags without a value may be repeated: they say the same again. Call it once all options are declared.
 */
export function refuseRepeats(command: Command): void {
  const seen = new Set<string>();
  const emitter = command as unknown as Emitter;
  for (const option of command.options) {
    const opposite = command.options.find((other) => other !== option && areOpposites(option, other));
    // Before commander's own listener, which would read the value in the light of the one before.
    emitter.prependListener(`option:${option.name()}`, () => {
      const flag = option.long ?? option.flags;
      if (opposite?.long && seen.has(opposite.long)) throw contradiction(opposite.long, flag);
      if (seen.has(flag) && takesOneValue(option)) throw twice(flag);
      seen.add(flag);
    });
  }
}

/** `--exp` and `--no-exp`, in either order. */
function areOpposites(one: Option, other: Option): boolean {
  return one.negate !== other.negate && one.attributeName() === other.attributeName();
}

function takesOneValue(option: Option): boolean {
  return (option.required || option.optional) && !option.variadic && option.parseArg !== collect;
}

function twice(flag: string): AppError {
  return new AppError("usage", `${flag} is given twice`, { hints: ["Give it once"] });
}

function contradiction(first: string, second: string): AppError {
  return new AppError("usage", `${first} and ${second} contradict each other`, {
    hints: ["Give one of them"],
  });
}
