import { rows } from "./description.ts";

/** Claims about telephone calls and messages. */
export const TELEPHONE_CLAIMS = [
  ...rows("RFC 8055", [
    ["sip_from_tag", "SIP from tag", "the caller's tag of a SIP request"],
    ["sip_date", "SIP date", "the date of a SIP request"],
    ["sip_callid", "SIP call id", "the id of a SIP call"],
    ["sip_cseq_num", "SIP sequence number", "the number of a request within a SIP call"],
    ["sip_via_branch", "SIP branch", "the branch of a SIP request"],
  ]),
  ...rows("RFC 8225", [
    ["orig", "caller", "who calls"],
    ["dest", "called", "who is called"],
    ["mky", "media key", "the fingerprint of the key that protects the call"],
  ]),
  ...rows("RFC 8443", [["rph", "priority", "which priority the call may take"]]),
  ...rows("RFC 8588", [
    ["attest", "attestation", "how sure the provider is of the caller's number: A fully, B partly, C not"],
    ["origid", "origin", "an id of where the call came into the network"],
  ]),
  ...rows("RFC 8688", [["jcard", "card", "the visiting card of who blocks the call"]]),
  ...rows("RFC 8946", [
    ["div", "diverted from", "whom the call was meant for before it was diverted"],
    ["opt", "original token", "the token of the call before it was diverted"],
  ]),
  ...rows("RFC 9027", [["sph", "header priority", "which priority the call asks for"]]),
  ...rows("RFC 9475", [["msgi", "message hash", "ties the token to the text of a message"]]),
  ...rows("RFC 9795", [
    ["rcd", "rich call data", "name, logo and the like of the caller"],
    ["rcdi", "call data hashes", "hashes of what the rich call data refers to"],
    ["crn", "call reason", "why the caller calls"],
  ]),
];
