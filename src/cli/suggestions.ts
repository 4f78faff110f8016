/** Words from other tools and standards, and what they are called here. */
const CALLED_HERE: Readonly<Record<string, string>> = {
  "--audience": "--aud",
  "--issuer": "--iss",
  "--subject": "--sub",
  "--expires": "--exp",
  "--expires-in": "--ttl",
  "--expiration": "--exp",
  "--expiry": "--exp",
  "--lifetime": "--ttl",
  "--not-before": "--nbf",
  "--issued-at": "--iat",
  "--algorithm": "--alg",
  "--payload": "--claim",
  "--output": "--out",
  "--database": "--db",
  "--private-key": "--key",
  "--public-key": "--key",
  new: "init",
  create: "generate",
  rm: "remove",
  ls: "list",
};

/** How many suggestions a person can use. */
const MOST = 3;

/**
 * The candidates that were probably meant, the likeliest first: what the word is called here, then those that begin
 * with it, then those that are few slips away (one for each three letters, so that nothing far-fetched is proposed).
 */
export function suggestionsFor(word: string, candidates: readonly string[]): readonly string[] {
  const typed = word.toLowerCase();
  const known = [...new Set(candidates)].filter((candidate) => candidate !== word);
  const alias = calledHere(typed);
  if (alias !== undefined && known.includes(alias)) return [alias];
  const letters = typed.replace(/^-+/, "");
  if (letters.length < 2) return [];
  const begin = known.filter((candidate) => candidate.toLowerCase().startsWith(typed));
  if (begin.length > 0) return begin.slice(0, MOST);
  const allowed = Math.floor(letters.length / 3);
  const near = known
    .map((candidate) => ({ candidate, slips: distance(typed, candidate.toLowerCase()) }))
    .filter(({ slips }) => slips <= Math.max(1, allowed))
    .sort((a, b) => a.slips - b.slips);
  return near
    .filter(({ slips }) => slips === near[0]?.slips)
    .map(({ candidate }) => candidate)
    .slice(0, MOST);
}

/** What a word from elsewhere is called here, one slip forgiven. */
function calledHere(typed: string): string | undefined {
  const elsewhere = Object.keys(CALLED_HERE).find(
    (word) => word === typed || (word.length > 5 && distance(word, typed) === 1),
  );
  return elsewhere === undefined ? undefined : CALLED_HERE[elsewhere];
}

/** `Did you mean a, b or c?`, or nothing. */
export function didYouMean(suggestions: readonly string[]): readonly string[] {
  const last = suggestions[suggestions.length - 1];
  if (last === undefined) return [];
  const rest = suggestions.slice(0, -1);
  return [`Did you mean ${rest.length === 0 ? last : `${rest.join(", ")} or ${last}`}?`];
}

/** Slips between two words: letters added, left out, changed, or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, at(before, j - 2) + 1);
      }
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
