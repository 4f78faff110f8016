import type { Recognition } from "./recognition.ts";

/** What people and programs write in place of what they leave out. */
const LEFT_OUT =
  /\.{3,}|\u2026+|[[(<{]\s?(?:\.{2,}|\u2026|snip(?:ped)?|truncated|omitted|cut|\d{1,9} (?:more )?(?:char\w*|bytes))[^\])>}]{0,30}[\])>}]/i;
const BEGINNING = /^e[wy][A-Za-z0-9_.-]*\s?$/;
const END = /^\s?[A-Za-z0-9_.-]*$/;

const WHOLE = "Copy it whole from where it was issued or stored: what was left out cannot be restored";

/** A token whose middle or end was left out where it was copied from: `eyJhbGci...`, `eyJhb…x9Q`. */
export function recogniseShortened(text: string): Recognition | undefined {
  const mark = LEFT_OUT.exec(text);
  if (mark === null) return undefined;
  const end = text.slice(mark.index + mark[0].length);
  if (!BEGINNING.test(text.slice(0, mark.index)) || !END.test(end)) return undefined;
  const gone = /[A-Za-z0-9_-]/.test(end) ? "its middle" : "its end";
  return {
    what: `a token that was shortened where it was copied from (a log or a screen): ${gone} is gone`,
    hints: [WHOLE],
  };
}
