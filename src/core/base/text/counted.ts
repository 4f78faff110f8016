/** `1 login`, `2 logins`; `1 entry`, `2 entries`. */
export function counted(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
