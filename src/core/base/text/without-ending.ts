/**
 * A text without the characters at its end that are among those given. A pattern like `/=+$/` asks at every `=` of a text
 * whether it ends there: a long run of them in the middle, in a token that someone else wrote, takes it hours.
 *
 * @param characters each of them one UTF-16 unit
 */
export function withoutEnding(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
