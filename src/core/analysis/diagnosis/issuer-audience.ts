import { readJson } from "../../base/json/read.ts";
import { lookalikeCharacters, skeleton, withVisibleCharacters } from "../../base/text/lookalikes.ts";
import { oneOf, quoted } from "../../jose/verification/check.ts";
import { explainAudienceElsewhere, explainEntraAudience } from "./audience-elsewhere.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { ALIASES, FIRST_ALIASES } from "./issuer-aliases.ts";
import { audiencesIn } from "./names-in-claims.ts";
import { sameServer, spellingDifference } from "./uri-difference.ts";

/** Cause: `iss` is spelled in another way than expected. */
export function explainIssuer(failure: FailedVerification): readonly Explanation[] {
  const iss = failure.claims?.get("iss");
  if (typeof iss !== "string" || !checkFailed(failure, "iss", "issuer_mismatch")) return [];
  const expected = failure.options.issuers;
  const imitated = imitation("iss", iss, expected);
  if (imitated !== undefined) return [imitated];
  const alias = aliasOf(FIRST_ALIASES, iss, failure);
  if (alias !== undefined) return [alias];
  const spelled = differing(iss, expected);
  if (spelled !== undefined) {
    return [
      {
        cause: "issuer_spelling",
        evidence: `the token says ${quoted(iss)}, expected is ${quoted(spelled.expected)}: they differ in ${spelled.aspects}`,
        fix: `${fixForVerifier("expect the issuer exactly as it names itself in its metadata")}. ${fixForIssuer(
          "write the same issuer into tokens and metadata",
        )}`,
      },
    ];
  }
  const known = aliasOf(ALIASES, iss, failure);
  if (known !== undefined) return [known];
  const neighbour = expected.find((candidate) => sameServer(candidate, iss));
  if (neighbour === undefined) return [];
  return [
    {
      cause: "issuer_other_path",
      evidence: `${quoted(iss)} and ${quoted(neighbour)} are on one server, under different paths: tenants or realms`,
      fix: fixForVerifier(
        "use a token of the tenant that is expected; if you mean the other one, use its keys as well",
      ),
    },
  ];
}

function aliasOf(aliases: typeof ALIASES, iss: string, failure: FailedVerification): Explanation | undefined {
  for (const alias of aliases) {
    for (const wanted of failure.options.issuers) {
      const found = alias(iss, wanted, failure);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Cause: `aud` is spelled or written in another way than expected. */
export function explainAudience(failure: FailedVerification): readonly Explanation[] {
  if (!checkFailed(failure, "aud", "audience_mismatch")) return [];
  const expected = failure.options.audiences;
  const named = audiencesIn(failure.claims?.get("aud"));
  for (const aud of named) {
    const imitated = imitation("aud", aud, expected);
    if (imitated !== undefined) return [imitated];
  }
  const entra = explainEntraAudience(failure);
  if (entra.length > 0) return entra;
  for (const aud of named) {
    const spelled = differing(aud, expected);
    if (spelled !== undefined) return [spellingOf(aud, spelled)];
  }
  for (const aud of named) {
    const entry = listed(aud).find((part) => expected.includes(part));
    if (entry !== undefined) return [listAsText(aud, entry)];
  }
  for (const wanted of expected) {
    const entry = listed(wanted).find((part) => named.includes(part));
    if (entry !== undefined) return [optionList(wanted, entry)];
  }
  const elsewhere = explainAudienceElsewhere(failure);
  if (elsewhere.length > 0) return elsewhere;
  return partial(named, expected);
}

/** Cause: the value only looks like the expected one, with characters of another script. */
function imitation(name: string, text: string, expected: readonly string[]): Explanation | undefined {
  const [shown, wanted] = [skeleton(text), expected.find((one) => imitates(text, one))];
  if (wanted === undefined) return undefined;
  const strange = shown === text ? lookalikeCharacters(wanted, text) : lookalikeCharacters(text, wanted);
  return {
    cause: "name_lookalike",
    evidence: `${name} is ${quoted(withVisibleCharacters(text))}, expected is ${quoted(withVisibleCharacters(wanted))}: they look alike, but ${
      shown === text ? "what is expected" : name
    } has ${strange.length > 0 ? strange.join(", ") : "other characters"}`,
    fix: `${fixForVerifier(
      shown === text
        ? "expect the name as the issuer writes it; where it was copied from, it was written with other letters"
        : "do not accept the token: another name imitates the one expected",
    )}. ${fixForIssuer("if the name is your own, write it in the letters that were agreed on")}`,
  };
}

function imitates(text: string, wanted: string): boolean {
  const [first, second] = [skeleton(text), skeleton(wanted)];
  if (first === text && second === wanted) return false;
  // When {@link spellingDifference} explains the difference, nothing is imitated.
  if (spellingDifference(text, wanted) !== undefined) return false;
  return first === second || spellingDifference(first, second) !== undefined;
}

function spellingOf(aud: string, spelled: { expected: string; aspects: string }): Explanation {
  return {
    cause: "audience_spelling",
    evidence: `the token is for ${quoted(aud)}, expected is ${quoted(spelled.expected)}: they differ in ${spelled.aspects}`,
    fix: "On both sides: agree on one spelling of the audience, and use it character by character",
  };
}

function listAsText(aud: string, entry: string): Explanation {
  return {
    cause: "audience_list_as_text",
    evidence: `aud is the one text ${quoted(aud)}, in which ${quoted(entry)} is only a part`,
    fix: fixForIssuer('write several audiences as a JSON list: "aud": ["a", "b"] (RFC 7519 section 4.1.3)'),
  };
}

function optionList(wanted: string, entry: string): Explanation {
  return {
    cause: "audience_list_as_text",
    evidence: `expected is the one text ${quoted(wanted)}; the token is for ${quoted(entry)}, a part of it`,
    fix: fixForVerifier("give each audience with an option of its own: --aud a --aud b"),
  };
}

/** The shortest text that counts as a part of another. */
const SHORTEST_PART = 3;

function partial(named: readonly string[], expected: readonly string[]): readonly Explanation[] {
  for (const aud of named) {
    const wanted = expected.find((text) => {
      const [short, long] = text.length < aud.length ? [text, aud] : [aud, text];
      return short.length >= SHORTEST_PART && short !== long && long.includes(short);
    });
    if (wanted === undefined) continue;
    return [
      {
        cause: "audience_partial",
        evidence: `the token is for ${quoted(aud)}, expected is ${quoted(wanted)}: one is a part of the other`,
        fix: "On both sides: use the same whole identifier of the API; a part of it is another audience",
      },
    ];
  }
  return [];
}

/** Cause: issuer and audience are swapped, in the token or in the expectations. */
export function explainSwapped(failure: FailedVerification): readonly Explanation[] {
  const { claims, options } = failure;
  if (!checkFailed(failure, "iss", "issuer_mismatch") && !checkFailed(failure, "aud", "audience_mismatch"))
    return [];
  const iss = claims?.get("iss");
  const named = audiencesIn(claims?.get("aud"));
  const wantedAudience = options.audiences.find((wanted) => wanted === iss && !named.includes(wanted));
  const wantedIssuer = options.issuers.find((wanted) => named.includes(wanted) && wanted !== iss);
  if (wantedAudience === undefined && wantedIssuer === undefined) return [];
  const found = [
    ...(wantedAudience === undefined
      ? []
      : [`the audience expected, ${quoted(wantedAudience)}, is the token's issuer`]),
    ...(wantedIssuer === undefined
      ? []
      : [`the issuer expected, ${quoted(wantedIssuer)}, is the token's audience`]),
  ];
  return [
    {
      cause: "issuer_audience_swapped",
      evidence: found.join("; "),
      fix: fixForVerifier("expect with --iss who made the token, with --aud for whom it is meant"),
    },
  ];
}

/** Cause: the token is from another environment: both its issuer and its key are unknown here. */
export function explainEnvironment(failure: FailedVerification): readonly Explanation[] {
  const { claims, kid, options } = failure;
  const iss = claims?.get("iss");
  if (typeof iss !== "string" || kid === undefined) return [];
  if (!checkFailed(failure, "iss", "issuer_mismatch") || !checkFailed(failure, "key", "no_matching_key"))
    return [];
  return [
    {
      cause: "other_environment",
      evidence: `the token says that it is from ${quoted(iss)}, expected is ${oneOf(options.issuers)}; its key ${quoted(kid)} is unknown here, too`,
      fix: fixForVerifier("use a token of the environment that is expected (production, staging, tenant)"),
    },
  ];
}

function differing(
  text: string,
  expected: readonly string[],
): { readonly expected: string; readonly aspects: string } | undefined {
  for (const wanted of expected) {
    const aspects = spellingDifference(text, wanted);
    if (aspects !== undefined && aspects.length > 0)
      return { expected: wanted, aspects: aspects.join(" and in ") };
  }
  return undefined;
}

/** The entries of a list in a string: as JSON, or separated by commas, semicolons or blanks. */
function listed(text: string): readonly string[] {
  const reading = text.startsWith("[") ? readJson(text) : undefined;
  if (reading?.ok) return audiencesIn(reading.value);
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  return parts.length > 1 ? parts : [];
}
