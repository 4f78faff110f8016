/** Nothing but segments and dots. Padding and the other base64 alphabet are the decoder's to judge. */
const CHARACTERS = /^[A-Za-z0-9_+/.=-]*$/;
/** At most two `=`, at the end of a segment. To ask for segments one after the other would exhaust the stack. */
const MISPLACED = /===|=[^.=]/;

/** Whether a text is a compact token and nothing else, however well or badly its segments are written. */
export function isBareToken(text: string): boolean {
  return CHARACTERS.test(text) && !MISPLACED.test(text);
}

/** What every pipe and editor adds is no repair worth telling. */
export function withoutFinalLineBreak(text: string): string {
  if (!text.endsWith("\n")) return text;
  return text.slice(0, text.endsWith("\r\n") ? -2 : -1);
}
