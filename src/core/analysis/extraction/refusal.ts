import { AppError } from "../../base/errors.ts";
import type { TokenCandidate, TokenForm } from "../../jose/token/candidate.ts";
import { recogniseJsonText } from "../recognition/json-documents.ts";
import { placedValues, withoutScheme } from "../recognition/placed-values.ts";
import { recognise } from "../recognition/recognise.ts";
import type { Recognition } from "../recognition/recognition.ts";
import { partMessage } from "./fault-reasons.ts";
import { THE_WHOLE } from "./pick-json.ts";
import { lonePart } from "./split-values.ts";

/** More candidates are not looked at for what they are instead. */
const MOST_CANDIDATES = 20;

/**
 * The refusal of a text in which no token can be read: what it is instead, or what stands where the token should be.
 *
 * @param structural why the likeliest candidate cannot be read, for a text that nobody recognises
 */
export function refusalOf(
  text: string,
  candidates: readonly TokenCandidate[],
  structural: AppError | undefined,
): AppError {
  const bare = withoutQuotes(text);
  const whole = recognise(bare) ?? recognise(withoutScheme(bare));
  if (whole !== undefined) return refusing("this", whole);
  for (const { form, where, name } of candidates.slice(0, MOST_CANDIDATES)) {
    const found = form.kind === "compact" ? recognise(form.text) : undefined;
    const place = name ?? (where === THE_WHOLE ? undefined : where);
    if (found !== undefined) return refusing(place === undefined ? "this" : `the value of ${place}`, found);
  }
  const placed = placedValues(text);
  for (const { name, value } of placed) {
    const found = recognise(withoutScheme(value));
    if (found !== undefined) return refusing(`the value of ${name}`, found);
  }
  const part = lonePart(text);
  if (part !== undefined) return new AppError("token_malformed", partMessage(part), { hints: [ALL_PARTS] });
  const empty = placed.find(({ value }) => value === "");
  if (empty !== undefined) return refusing(`the value of ${empty.name}`, NOTHING);
  const opaque = candidates.find(({ form, name }) => name !== undefined && !hasDots(form))?.name;
  if (opaque !== undefined) return refusing(`the value of ${opaque}`, OPAQUE);
  const json = recogniseJsonText(text);
  return json === undefined ? (structural ?? refusing("this", UNKNOWN)) : refusing("this", json);
}

const ALL_PARTS = "Paste all parts together, as in: name.0=…; name.1=…";
const LONGEST_QUOTED = 500;

/** Without white space and one pair of quotes around it. */
function withoutQuotes(text: string): string {
  const bare = text.trimStart();
  return bare.length > LONGEST_QUOTED ? bare : (/^(["'`])([^"'`]*)\1\s*$/.exec(bare)?.[2] ?? bare);
}

function hasDots(form: TokenForm): boolean {
  return form.kind === "json" || form.text.includes(".");
}

const OPAQUE: Recognition = {
  what: "an opaque token, not a JWT: it has no dots",
  hints: ["What it means only its issuer can tell: ask its introspection or userinfo endpoint"],
};
const NOTHING: Recognition = {
  what: "empty: no token was put there",
  hints: ["Look at what should have set it: an environment variable, a login, a file"],
};
const UNKNOWN: Recognition = {
  what: "not a token",
  hints: ["A JWT is three base64url segments with two dots between them, and begins with eyJ"],
};

/** @param subject of the sentence, as in "this" or "the value of id_token" */
export function refusing(subject: string, { what, hints, named }: Recognition): AppError {
  const data = named === undefined ? {} : { named };
  return new AppError("token_malformed", `${subject} is ${what}`, { hints, data });
}
