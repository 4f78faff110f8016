import type { DisclosureReport } from "../../../core/jose/verification/report.ts";
import type { Style } from "../../style.ts";
import { disclosedSections } from "../disclosed-view.ts";
import { disclosuresJson } from "../special-json.ts";

const FITS: Readonly<Record<NonNullable<DisclosureReport["keyBinding"]>, boolean | null>> = {
  fits: true,
  unknown: null,
  other: false,
  unreadable: null,
};

/** What `verify --json` adds for an SD-JWT. */
export function sdJwtJson({ disclosed, keyBinding, holderProven }: DisclosureReport) {
  return {
    verified: holderProven ? "issuer_and_holder" : "issuer_signature",
    ...(disclosed ? disclosuresJson(disclosed) : {}),
    key_binding: keyBinding === undefined ? null : { verified: holderProven, sd_hash_fits: FITS[keyBinding] },
  };
}

/** The disclosures of an SD-JWT, below the checks. */
export function sdJwtText({ disclosed }: DisclosureReport, style: Style): string {
  if (disclosed === undefined) return "";
  return disclosedSections({ disclosed }, style)
    .map((section) => `\n${section}`)
    .join("");
}
