import type { KeyEncryption } from "../../core/authority/keys/signing-key.ts";
import type { Style } from "../style.ts";
import { headline } from "./key-text.ts";

export interface PassphraseView {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly before: KeyEncryption;
  readonly after: KeyEncryption;
  readonly keys: number;
}

/** In a dry run `changed` says whether something would change. */
export function passphraseJson({ dryRun, changed, before, after, keys }: PassphraseView) {
  return { dry_run: dryRun, changed, encryption_before: before, encryption: after, keys };
}

export function passphraseText(view: PassphraseView, style: Style): string {
  const { dryRun, changed, before, after } = view;
  if (!changed) return `${style.good("nothing to do:")} the private keys are under no passphrase\n`;
  const keys = `${view.keys} private key${view.keys === 1 ? "" : "s"}`;
  if (after === "none") {
    const risk = style.doubtful("whoever has the store's file can sign");
    return `${headline(dryRun, "passphrase removed", "would remove the passphrase", style)}\n  ${keys}, not encrypted: ${risk}\n`;
  }
  const [done, planned] =
    before === "none"
      ? ["passphrase set", "would set a passphrase"]
      : ["passphrase changed", "would change the passphrase"];
  return `${headline(dryRun, done, planned, style)}\n  ${keys} encrypted under it\n`;
}
