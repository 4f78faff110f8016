import { intendedAlgorithm } from "../../jose/algorithms.ts";
import { quoted } from "../../jose/verification/check.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  type Trial,
} from "./failed-verification.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

/** Cause: the signature is valid, but `alg` has a misspelt name: in the wrong case, or that of XML Signature. */
export function* algorithmNameTrials(failure: FailedVerification): Iterable<Trial> {
  const named = misnamed(failure);
  if (named === undefined) return;
  const { signingInput, signature } = failure;
  for (const candidate of keysFor(failure, named.meant)) {
    yield {
      ...{ alg: named.meant, key: candidate.jwk, signingInput, signature },
      ...explanation(named),
      evidence: `the header says ${quoted(named.alg)}; as ${named.meant} it is a good signature of ${nameOf(candidate)}`,
    };
  }
}

/** Cause: `alg` has a misspelt name, which no verifier accepts. */
export function explainAlgorithmName(failure: FailedVerification): readonly Explanation[] {
  const named = misnamed(failure);
  if (named === undefined) return [];
  const rest = keysFor(failure, named.meant).length > 0 ? "; even as that it fits none of the keys" : "";
  return [
    {
      ...explanation(named),
      evidence: `the header says ${quoted(named.alg)}, where the standard says ${named.meant}${rest}`,
    },
  ];
}

type Named = { readonly alg: string; readonly meant: NonNullable<ReturnType<typeof intendedAlgorithm>> };

function misnamed({ header }: FailedVerification): Named | undefined {
  const alg = header?.get("alg");
  const meant = typeof alg === "string" ? intendedAlgorithm(alg) : undefined;
  return typeof alg !== "string" || meant === undefined ? undefined : { alg, meant };
}

function explanation({ meant }: Named): Omit<Explanation, "evidence"> {
  return {
    cause: "algorithm_name",
    fix: fixForIssuer(
      `write "alg": "${meant}" into the header, letter by letter: names are case-sensitive (RFC 7515 section 4.1.1)`,
    ),
  };
}
