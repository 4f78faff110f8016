import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long by themselves, the longest first; one that came last would keep a whole core waiting. */
const LONG = ["crashes-random", "leakage", "cookbook-services", "races-store", "fuzz-made", "fuzz"];

/**
 * The files of one project after the other, for a process is only kept for the next file when that is of the same
 * project; in a project the long ones first, and then the larger.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = [...new Set(this.ctx.projects.map(({ name }) => name))];
    const bySize = await super.sort(files);
    const rank = new Map(bySize.map((file, index) => [file, index]));
    const placeOf = (file: TestSpecification): [number, number, number] => {
      const place = LONG.indexOf(basename(file.moduleId, ".test.ts"));
      return [projects.indexOf(file.project.name), place < 0 ? LONG.length : place, rank.get(file) ?? 0];
    };
    return bySize
      .map((file) => ({ file, place: placeOf(file) }))
      .sort((a, b) => difference(a.place, b.place))
      .map(({ file }) => file);
  }
}

/** Below 0 when `a` comes first: the first number that differs decides. */
function difference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
