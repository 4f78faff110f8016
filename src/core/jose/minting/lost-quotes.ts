const WITHOUT_QUOTES =
  "Put the JSON into a file and name it as @claims.json, or give claims one by one, as in --claim sub=bob: no quotes are needed there";

/** JSON in the single quotes that cmd.exe hands on, which takes only double ones off. */
const IN_SINGLE_QUOTES = /^\s*'\s*[{[]/;
/** An object or list whose names and texts have lost their double quotes: `{sub:bob}`, `[a,b]`. */
const WITHOUT_DOUBLE_QUOTES = /^\s*(?:\{\s*[\w$.@/-]+\s*:|\[\s*[A-Za-z_])[^"]*$/;

/**
 * Recognises JSON from which a shell took the quotes.
 *
 * @param text that is not JSON
 * @returns what happened, for after "not JSON: ", and what to do; undefined when nothing shows it
 */
export function quotesLost(text: string): { readonly what: string; readonly hint: string } | undefined {
  if (IN_SINGLE_QUOTES.test(text))
    return {
      what: "it begins with a single quote, which cmd.exe does not take off",
      hint: WITHOUT_QUOTES,
    };
  if (WITHOUT_DOUBLE_QUOTES.test(text))
    return {
      what: "its names have no double quotes: cmd.exe and Windows PowerShell take them off",
      hint: WITHOUT_QUOTES,
    };
  return undefined;
}
