import { quoted } from "../../jose/verification/check.ts";
import type { LintRule } from "./rule.ts";

/** Rules about the HMAC secret, when it is known. */
export const SECRET_RULES: readonly LintRule[] = [
  {
    id: "notorious-secret",
    severity: "error",
    title: "the HMAC secret is one that everybody knows",
    why: "attackers try the secrets of tutorials and default settings first, and with the secret they sign what they like",
    reference: "RFC 8725 section 3.5",
    check: ({ evidence }) => {
      const { wellKnown, given } = evidence;
      if (wellKnown === undefined) return [];
      const name = wellKnown === "" ? "the empty secret" : `the well-known secret ${quoted(wellKnown)}`;
      const tried =
        given?.verifies === false ? `the secret given is ${name}` : `the signature was made with ${name}`;
      return [{ message: tried, where: "/signature" }];
    },
  },
  {
    id: "weak-hmac-secret",
    severity: "error",
    title: "the HMAC secret is too weak",
    why: "whoever has one token can try secrets on their own machine, a billion a second, until one fits",
    reference: "RFC 7518 section 3.2, RFC 8725 section 3.5",
    check: ({ evidence: { given } }) =>
      given?.weakness === undefined
        ? []
        : [{ message: `the secret given is too weak: ${given.weakness}`, where: "/signature" }],
  },
  {
    id: "secret-mismatch",
    severity: "warning",
    title: "the secret given did not sign this token",
    why: "what is said about the secret is then not said about this token",
    reference: "RFC 7515 section 5.2",
    check: ({ evidence: { given } }) =>
      given === undefined || given.verifies
        ? []
        : [{ message: "the signature was not made with the secret given", where: "/signature" }],
  },
];
