/** Nothing but segments and dots. Padding and the other base64 alphabet are the decoder's to judge. */
const BARE_TOKEN = /^[A-Za-z0-9_+/-]*={0,2}(?:\.[A-Za-z0-9_+/-]*={0,2})*$/;

/** Whether a text is a compact token and nothing else, however well or badly its segments are written. */
export function isBareToken(text: string): boolean {
  return BARE_TOKEN.test(text);
}

/** What every pipe and editor adds is no repair worth telling. */
export function withoutFinalLineBreak(text: string): string {
  if (!text.endsWith("\n")) return text;
  return text.slice(0, text.endsWith("\r\n") ? -2 : -1);
}
