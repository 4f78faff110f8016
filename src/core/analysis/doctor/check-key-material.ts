import { counted } from "../../base/text/wording.ts";
import type { KeyMaterialFacts } from "./facts.ts";
import { type Finding, fail, named, pass } from "./finding.ts";

/** Checks that the stored halves of each key belong to its kid, which is the thumbprint (RFC 7638). */
export function checkKeyMaterial(facts: KeyMaterialFacts): Finding {
  const { wrongPublic, wrongPrivate, locked, unopened, opened } = facts;
  const told = [
    ...(wrongPublic.length > 0 ? [`the public half of ${named(wrongPublic)}`] : []),
    ...(wrongPrivate.length > 0 ? [`the private half of ${named(wrongPrivate)}`] : []),
  ];
  if (told.length > 0) {
    return fail(
      "key_material",
      `damaged, or that of another key: ${told.join("; ")}`,
      "Restore your last backup: jwtctl restore FILE; a key of which only the private half is damaged can be replaced: jwtctl keys rotate",
    );
  }
  if (locked.length > 0) return notOpened(locked, opened.length > 0);
  if (unopened.length > 0) {
    return pass(
      "key_material",
      `each public half is that of its kid; ${counted(unopened.length, "sealed private half", "sealed private halves")} not opened: that takes --full and --passphrase-file`,
    );
  }
  return pass("key_material", "each half is that of its kid");
}

/** A sealed key that does not open: with a wrong passphrase, or damaged when the other keys do open. */
function notOpened(kids: readonly string[], othersOpen: boolean): Finding {
  const what = `the private half of ${named(kids)}`;
  return othersOpen
    ? fail(
        "key_material",
        `${what} is damaged, or sealed under another passphrase than the rest`,
        "Restore your last backup: jwtctl restore FILE; or replace the key: jwtctl keys rotate",
      )
    : fail(
        "key_material",
        `the passphrase that was given does not open ${what}: it is another, or they are damaged`,
        "Give the store's present passphrase; if this is it, restore your last backup: jwtctl restore FILE",
      );
}
