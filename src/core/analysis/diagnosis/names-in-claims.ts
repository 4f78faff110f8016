import type { JsonValue } from "../../base/json/value.ts";

/** The texts in an `aud`, which is one text or a list of them. */
export function audiencesIn(aud: JsonValue | undefined): readonly string[] {
  const list = Array.isArray(aud) ? (aud as readonly JsonValue[]) : [aud];
  return list.filter((entry) => typeof entry === "string");
}
