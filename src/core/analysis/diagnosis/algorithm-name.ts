import { algorithmMeant } from "../../jose/algorithms.ts";
import { quoted } from "../../jose/verification/check.ts";
import { type Case, type Explanation, issuing, type Trial } from "./case.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

/** The signature is good, but its algorithm is named as no verifier knows it: in other case, or as XML names it. */
export function* algorithmNameTrials(suspect: Case): Iterable<Trial> {
  const named = misnamed(suspect);
  if (named === undefined) return;
  const { signingInput, signature } = suspect;
  for (const candidate of keysFor(suspect, named.meant)) {
    yield {
      ...{ alg: named.meant, key: candidate.jwk, signingInput, signature },
      ...explanation(named),
      evidence: `the header says ${quoted(named.alg)}; as ${named.meant} it is a good signature of ${nameOf(candidate)}`,
    };
  }
}

/** No verifier takes that name, whoever signed. */
export function explainAlgorithmName(suspect: Case): readonly Explanation[] {
  const named = misnamed(suspect);
  if (named === undefined) return [];
  const rest = keysFor(suspect, named.meant).length > 0 ? "; even as that it fits none of the keys" : "";
  return [
    {
      ...explanation(named),
      evidence: `the header says ${quoted(named.alg)}, where the standard says ${named.meant}${rest}`,
    },
  ];
}

type Named = { readonly alg: string; readonly meant: NonNullable<ReturnType<typeof algorithmMeant>> };

function misnamed({ header }: Case): Named | undefined {
  const alg = header?.get("alg");
  const meant = typeof alg === "string" ? algorithmMeant(alg) : undefined;
  return typeof alg !== "string" || meant === undefined ? undefined : { alg, meant };
}

function explanation({ meant }: Named): Omit<Explanation, "evidence"> {
  return {
    cause: "algorithm_name",
    fix: issuing(
      `write "alg": "${meant}" into the header, letter by letter: names are case-sensitive (RFC 7515 section 4.1.1)`,
    ),
  };
}
