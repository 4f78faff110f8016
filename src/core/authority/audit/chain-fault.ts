import type { ChainFault } from "./chain.ts";

/** What is wrong with a log, in words. */
export function chainFaultText(fault: ChainFault): string {
  switch (fault.kind) {
    case "altered":
      return `entry ${fault.seq}, or the one before it, is not what was written`;
    case "missing":
      return `${entriesText(fault.seq, fault.last)} missing`;
    case "disordered":
      return `entry ${fault.seq} comes twice or out of turn`;
    case "cut":
      return `the end is cut off: ${entriesText(fault.seq, fault.last)} missing`;
    case "added":
      return `entries from ${fault.seq} on were added by something other than jwtctl`;
    case "head":
      return `the last entry, ${fault.seq}, is not the one that was written last`;
    case "anchor":
      return `entry ${fault.seq} is not the one that was noted, or not there`;
    case "unreadable":
      return `line ${fault.line} is not an entry`;
  }
}

function entriesText(first: number, last: number): string {
  return first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;
}
