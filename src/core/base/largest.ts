/** The largest of some numbers, however many: `Math.max(...numbers)` overflows the stack. @param least what it is at least */
export function largest(numbers: Iterable<number>, least = 0): number {
  let most = least;
  for (const number of numbers) if (number > most) most = number;
  return most;
}
