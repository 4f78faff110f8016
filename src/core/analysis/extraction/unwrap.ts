import { AppError } from "../../base/errors.ts";
import { readJson } from "../../base/json/read.ts";
import type { FoundForm, TokenCandidate } from "../../jose/token/candidate.ts";
import type { Finding } from "../../jose/token/finding.ts";
import { isBareToken, withoutFinalLineBreak } from "./bare.ts";
import { pickNamedPayloads } from "./named-payloads.ts";
import { pickFromJson, THE_WHOLE } from "./pick-json.ts";
import { pickFromText } from "./pick-text.ts";
import { peel, repair } from "./step.ts";
import { JOINING, MANGLINGS, SEPARATIONS, WRAPPINGS } from "./wrappings.ts";

/** Wrappings inside wrappings; more than this is not something anyone pasted. */
const MAX_ROUNDS = 16;

/**
 * Finds the token in what people paste: line wraps, quotes, `Authorization: Bearer`, percent-encoding, a token response
 * or another text around it. Everything taken off is listed. Several tokens: several candidates, the likeliest first.
 *
 * @throws AppError `token_malformed` when there is nothing in it that could be a token
 */
export function unwrapToken(text: string): readonly [TokenCandidate, ...TokenCandidate[]] {
  const repairs: Finding[] = [];
  let rest = withoutFinalLineBreak(text);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const bare = isBareToken(rest);
    let next = bare ? undefined : (peel(rest, WRAPPINGS) ?? peel(rest, JOINING));
    next ??= peel(rest, SEPARATIONS);
    if (next === undefined && !bare) {
      const picks = pickTokens(rest);
      if (picks.length === 1 && (isAllOf(picks[0], rest) || isInterrupted(picks[0], rest))) break;
      const [first, ...others] = picks.map((pick) => candidate(pick, repairs));
      if (first) return [first, ...others];
      next = peel(rest, MANGLINGS);
    }
    if (next === undefined) break;
    const { repair } = next;
    if (!repairs.some(({ code }) => code === repair.code)) repairs.push(repair);
    rest = next.text;
  }
  if (rest === "") throw nothing(text);
  return [{ form: { kind: "compact", text: rest }, repairs }];
}

interface Found extends FoundForm {
  readonly repair: Finding;
}

function candidate(found: Found, repairs: readonly Finding[]): TokenCandidate {
  const { form, name, where, repair, unreadable } = found;
  return {
    form,
    where,
    ...(unreadable ? { unreadable } : {}),
    repairs: form.kind === "json" && where === THE_WHOLE ? repairs : [...repairs, repair],
    ...(name === undefined ? {} : { name }),
  };
}

/** An SD-JWT is no bare token, but nothing stands around it. */
function isAllOf(pick: FoundForm | undefined, text: string): boolean {
  return pick?.form.kind === "compact" && pick.form.text === text;
}

/** More runs of foreign characters than lines that a token is wrapped over are no accident. */
const MAX_INTERRUPTIONS = 200;

/**
 * A whole token but for foreign characters in it (marks of soft line breaks, asterisks): what was picked is only the
 * part before the first. Taken as it is, its fault can be told.
 */
function isInterrupted(pick: FoundForm | undefined, text: string): boolean {
  if (pick?.form.kind !== "compact" || !text.startsWith(pick.form.text)) return false;
  if (pick.form.text.split(".").length >= 3 || /[ \t]/.test(text)) return false;
  const pieces = text.split(/[^A-Za-z0-9_.-]+/, MAX_INTERRUPTIONS + 1);
  return pieces.length <= MAX_INTERRUPTIONS && /^[^.]+\.[^.]+\.[^.]+$/.test(pieces.join(""));
}

/** More places than this are not named in a repair. */
const PLACES_NAMED = 5;

/** First as JSON, then anywhere in the text. */
function pickTokens(text: string): readonly Found[] {
  if (text.startsWith("{") || text.startsWith("[")) {
    const reading = readJson(text);
    if (reading.ok) {
      const picks = pickFromJson(reading.value);
      const places = [...new Set(picks.map(({ where }) => where))];
      return picks.map((pick) => ({ ...pick, repair: fromJson(pick, places) }));
    }
  }
  const inText = pickFromText(text);
  const picks = inText.length > 0 ? inText : pickNamedPayloads(text);
  const readable = picks.filter(({ unreadable }) => !unreadable).length;
  return picks.map((pick) => ({ ...pick, repair: fromText(pick, readable) }));
}

/** @param places of all that was picked, each once */
function fromJson({ where }: FoundForm, places: readonly string[]): Finding {
  const others = places.length - 1;
  const first = places.slice(0, PLACES_NAMED + 1).filter((other) => other !== where);
  const named = first.slice(0, PLACES_NAMED).join(", ");
  const more = others > PLACES_NAMED ? ` and ${others - PLACES_NAMED} more` : "";
  const also = others === 0 ? "" : ` (also there: ${named}${more})`;
  return repair("picked_from_json", `the member ${where} was picked out of a JSON document${also}`);
}

function fromText({ where }: FoundForm, count: number): Finding {
  return repair(
    "picked_from_text",
    count > 1
      ? `the token at ${where} was picked out of a text that holds ${count}`
      : "the token was picked out of the text around it",
  );
}

function nothing(text: string): AppError {
  return new AppError(
    "token_malformed",
    text.trim() === "" ? "the input is empty" : "there is no token in the input",
    {
      hints: ["Give a token as an argument, as @file, or through a pipe"],
    },
  );
}
