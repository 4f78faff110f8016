/**
 * The characters that must not reach a terminal or a reader as they are, because they act instead of being seen, or are
 * not seen at all. JSON output escapes them, the display sanitiser makes them visible.
 *
 * C0, DEL and C1 (control sequences); soft hyphen, combining grapheme joiner, Hangul, Khmer and Mongolian invisibles;
 * zero-width and bidirectional characters (U+061C, U+200B–U+200F, U+202A–U+202E, U+2060–U+206F); line and paragraph
 * separators; blank Braille pattern; byte order mark; interlinear annotation; lone surrogates; invisible marks of
 * shorthand and music, variation selectors and tags beyond the BMP, with what is reserved for their like
 * (U+E0000–U+E0FFF). Written for a regular expression without the `u` flag: UTF-16 code units.
 */
export const UNSAFE_CHARACTERS =
  "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f" +
  "\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb]" +
  "|\\ud82f[\\udca0-\\udca3]|\\ud834[\\udd73-\\udd7a]|[\\udb40-\\udb43][\\udc00-\\udfff]" +
  "|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]";

const UNSAFE = new RegExp(UNSAFE_CHARACTERS);

/** Whether one of {@link UNSAFE_CHARACTERS} is in a text. */
export function isUnsafe(text: string): boolean {
  return UNSAFE.test(text);
}

/** Each UTF-16 code unit as `\uXXXX`, the way JSON writes it. */
export function escapeCodeUnits(text: string): string {
  let escaped = "";
  for (let index = 0; index < text.length; index++) {
    escaped += `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
