import { shellWord } from "../../base/text/wording.ts";
import { type Finding, fail, pass, skip } from "./finding.ts";

/** What the file system shows of the current session's file. */
export interface CredentialsFacts {
  readonly path: string;
  /** Permission bits; null where there are none (Windows). */
  readonly mode: number | null;
  readonly mine: boolean;
  readonly kind: "file" | "link" | "other";
}

/** @param facts null when there is no current session */
export function checkCredentials(facts: CredentialsFacts | null): Finding {
  if (facts === null) return pass("credentials", "there is no current login here");
  const word = shellWord(facts.path);
  if (facts.kind !== "file") {
    return fail("credentials", `${facts.path} is no plain file`, `Remove it: rm ${word}`);
  }
  if (facts.mode === null) return skip("credentials", "this system has no permission bits to look at");
  if (!facts.mine) {
    return fail(
      "credentials",
      `${facts.path} belongs to another user`,
      "Name another file in JWTCTL_CREDENTIALS",
    );
  }
  if ((facts.mode & 0o077) !== 0) {
    return fail(
      "credentials",
      `others may read ${facts.path}, which holds a refresh token`,
      `Close it with: chmod 600 ${word}; then log in again: jwtctl login`,
      true,
    );
  }
  return pass("credentials", facts.path);
}
