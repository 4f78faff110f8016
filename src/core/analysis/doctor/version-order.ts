/** Whether a version (`3.51.3`) is another one or a later one. */
export function isAtLeast(version: string, oldest: string): boolean {
  const has = version.split(".").map(Number);
  const needs = oldest.split(".").map(Number);
  const first = needs.findIndex((number, index) => number !== has[index]);
  return first === -1 || (has[first] ?? 0) > (needs[first] ?? 0);
}
