import type { JsonValue } from "../../base/json/value.ts";

/** Finds something in the payload's JSON. @param where its JSON Pointer */
export type PayloadFinder<Found> = (payload: JsonValue, where: string) => readonly Found[];

/**
 * What was found in one payload. A JWS in JSON form has one payload and perhaps very many signatures: each of them is
 * reviewed, the payload once.
 */
export class PayloadResults {
  readonly payload: JsonValue | undefined;
  readonly #found = new Map<unknown, readonly unknown[]>();

  /** @param payload undefined when it is no JSON */
  constructor(payload: JsonValue | undefined) {
    this.payload = payload;
  }

  /** What a finder finds, which is asked once. */
  of<Found>(find: PayloadFinder<Found>): readonly Found[] {
    const known = this.#found.get(find);
    if (known !== undefined) return known as readonly Found[];
    const found = this.payload === undefined ? [] : find(this.payload, "/payload");
    this.#found.set(find, found);
    return found;
  }
}
