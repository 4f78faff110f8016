import { readJson } from "../../../core/base/json/read.ts";
import { assignmentsOf } from "./assignments.ts";
import type { Undone } from "./undo.ts";

/** Words of a key in JSON: without one of them nothing is worth being read as JSON that is none. */
const OF_KEYS = /kty|BEGIN [A-Z]/;

/** A longer text is no key that a person wrote down. */
const LONGEST = 256 * 1024;

/**
 * JSON as JavaScript, Python, YAML or JSON lines write it, or with other text around it, as strict JSON. Undefined unless
 * what comes out is whole.
 */
export function asStrictJson(text: string): Undone | undefined {
  if (text.length > LONGEST || !OF_KEYS.test(text)) return undefined;
  return jsonLines(text) ?? embedded(text) ?? yamlKeys(text);
}

const made = (code: string, message: string, text: string): Undone => ({ text, repair: { code, message } });

/** One JSON text on each line. */
function jsonLines(text: string): Undone | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2 || !lines.every((line) => line.startsWith("{") && readJson(line).ok)) return undefined;
  return made("json_lines", "each line is a JSON text of its own", `[${lines.join(",")}]`);
}

/** From the first bracket to the last one, with what JSON does not allow written as it does. */
function embedded(text: string): Undone | undefined {
  const start = text.search(/[{[]/);
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  if (start < 0 || end <= start) return undefined;
  const inner = text.slice(start, end + 1);
  const isAll = start === 0 && end === text.length - 1;
  // What begins as JSON and goes on with something else is damaged, but for the end of a statement.
  if (start === 0 && !/^[;)\s]*$/.test(text.slice(end + 1))) return undefined;
  if (!isAll && readJson(inner).ok) return made("json_around", "other text stood around the JSON", inner);
  const strict = strictly(inner);
  if (strict === inner || !readJson(strict).ok) return undefined;
  return made("json_loose", "the JSON is written as JavaScript or Python write it", strict);
}

// Each of them ends at the end of the text at the latest: one that is left open is not looked for again and again.
const TOKENS =
  /"[^"\\]*(?:\\.[^"\\]*)*(?:"|$)|'([^'\\]*(?:\\.[^'\\]*)*)(?:'|$)|[\u201c\u201d]([^\u201c\u201d]*)[\u201c\u201d]?|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|,(?=\s*[}\]])|[A-Za-z_$][\w$]*/g;

const WORDS: Readonly<Record<string, string>> = {
  ...{ None: "null", undefined: "null", True: "true", False: "false" },
  ...{ null: "null", true: "true", false: "false" },
};

function strictly(text: string): string {
  return text.replace(TOKENS, (token: string, single?: string, typographic?: string) => {
    if (token.startsWith('"')) return token;
    const inner = single?.replaceAll("\\'", "'").replaceAll('"', '\\"') ?? typographic;
    if (inner !== undefined) return `"${inner}"`;
    if (/^[,/#]/.test(token)) return "";
    return WORDS[token] ?? JSON.stringify(token);
  });
}

const MEMBERS: ReadonlySet<string> = new Set([
  ...["kty", "kid", "alg", "use", "crv", "x", "y", "n", "e", "pub"],
  ...["d", "p", "q", "dp", "dq", "qi", "k", "priv"],
]);

/** The numbers of the largest keys are shorter. */
const LONGEST_MEMBER = 8_192;

/** JWKs in YAML or as settings: one member a line. */
function yamlKeys(text: string): Undone | undefined {
  const keys: Record<string, string>[] = [];
  let last: Record<string, string> = {};
  for (const { name, value } of assignmentsOf(text)) {
    if (!MEMBERS.has(name) || value.length > LONGEST_MEMBER) continue;
    if (name in last || keys.length === 0) {
      last = {};
      keys.push(last);
    }
    last[name] = value.trim();
  }
  if (keys.length === 0 || !keys.every((key) => "kty" in key)) return undefined;
  const json = JSON.stringify(keys.length === 1 ? keys[0] : { keys });
  return made("yaml", "the JWK is written as YAML or as settings, not as JSON", json);
}
