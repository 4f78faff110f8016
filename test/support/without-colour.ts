import { stripVTControlCharacters } from "node:util";

/** A screen without its colours, and without the blanks at the ends of lines, which a coloured heading may keep. */
export function withoutColour(screen: string): string {
  return stripVTControlCharacters(screen).replace(/ +$/gm, "");
}
