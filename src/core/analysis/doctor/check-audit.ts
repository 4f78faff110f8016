import type { ChainVerdict } from "../../authority/audit/chain.ts";
import { chainFaultText } from "../../authority/audit/chain-fault.ts";
import { counted } from "../../base/text/wording.ts";
import type { LogTraces } from "./facts.ts";
import { type Finding, fail, named, pass, warn } from "./finding.ts";

const COMPARE = "See all of it with: jwtctl audit verify; compare with what was exported elsewhere";
const CUT = `Somebody has worked on the file. Compare its log with what was exported elsewhere: jwtctl audit export FILE`;

/**
 * Checks the chain of hashes, then whether the store shows events that the log does not have.
 * @param traces undefined when they cannot be read
 */
export function checkAudit(
  { entries, head, faults, faultCount }: ChainVerdict,
  traces: LogTraces | undefined,
): Finding {
  const [first] = faults;
  if (first !== undefined) {
    const more = faultCount > 1 ? ` (and ${faultCount - 1} more)` : "";
    return fail("audit", `${chainFaultText(first)}${more}`, COMPARE);
  }
  return (
    (traces && checkTraces(traces)) ??
    pass(
      "audit",
      `${counted(entries, "entry", "entries")}, unbroken; head ${head.seq}:${head.hash.slice(0, 16)}…`,
    )
  );
}

function checkTraces({ entries, usedSince, newer, reopened }: LogTraces): Finding | undefined {
  if (reopened.length > 0) {
    return fail(
      "audit",
      `the log says that ${named(reopened)} ${reopened.length === 1 ? "was" : "were"} revoked, and the store has ${reopened.length === 1 ? "it" : "them"} open`,
      "Somebody has worked on the file: revoke the logins (jwtctl tokens revoke --all) and restore a backup",
    );
  }
  if (entries === 0) {
    if (usedSince)
      return fail("audit", "the log is empty, although the store has been used since there is one", CUT);
    return warn(
      "audit",
      "the log is empty: either this store is from before there was one and was not used since, or somebody has emptied it",
      CUT,
    );
  }
  const told = [
    ...(newer.sessions > 0 ? [counted(newer.sessions, "login")] : []),
    ...(newer.users > 0 ? [counted(newer.users, "user")] : []),
    ...(newer.keys > 0 ? [counted(newer.keys, "key")] : []),
  ];
  if (told.length === 0) return undefined;
  return fail("audit", `the end is cut off: ${told.join(", ")} changed after the last entry`, CUT);
}
