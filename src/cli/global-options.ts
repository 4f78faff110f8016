import { Option } from "commander";
import { AppError } from "../core/base/errors.ts";

/** What every command takes. commander would read process.env; the environment is read by the context instead. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  path("--db <path>", "the store's file (default: the platform's data directory) [JWTCTL_DB]"),
  new Option("--json", "print one JSON document; errors are JSON on stderr"),
  new Option("--no-input", "never ask; a missing answer is an error"),
  new Option("--color <when>", "use colours").choices(["auto", "always", "never"]).default("auto"),
  new Option("-q, --quiet", "no notes and warnings on stderr"),
  new Option("-v, --verbose", "say more on stderr"),
  path("--passphrase-file <file>", "where the store's passphrase is [JWTCTL_PASSPHRASE_FILE]"),
];

/** An empty path is a variable that was never set: to take the default instead would be another store. */
function path(flags: string, description: string): Option {
  const [flag = ""] = flags.split(" ");
  return new Option(flags, description).argParser((value: string) => {
    if (value !== "") return value;
    throw new AppError("usage", `${flag} is empty`, {
      hints: [`Give a path, or leave ${flag} out; a variable in the command line may not be set`],
    });
  });
}
