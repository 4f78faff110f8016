/** For options that may be given several times: commander hands over what was collected before. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
