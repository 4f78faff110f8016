import { AppError } from "../../core/base/errors.ts";

/**
 * A passphrase as the bytes that go into key derivation: UTF-8 of its NFC form, so that a passphrase typed on a system
 * that decomposes letters opens what one that composes them has sealed.
 * @throws AppError `input_required` when it is empty: it would protect nothing
 */
export function passphraseBytes(passphrase: string): Uint8Array {
  if (passphrase === "") {
    throw new AppError("input_required", "the passphrase is empty", {
      hints: ["Give a passphrase with --passphrase-file FILE"],
    });
  }
  return new TextEncoder().encode(passphrase.normalize("NFC"));
}

/** A passphrase as foreign files may have meant it: in NFC, and as it was typed. */
export function passphraseSpellings(passphrase: string): readonly string[] {
  return [...new Set([passphrase.normalize("NFC"), passphrase])];
}

/** Asks for the passphrase of an encrypted key. @throws AppError `input_required` when nobody can be asked */
export async function askPassphrase(ask: (() => Promise<string>) | undefined): Promise<string> {
  if (ask !== undefined) return ask();
  throw new AppError("input_required", "this key is encrypted and needs its passphrase", {
    hints: ["Give the passphrase with --passphrase-file FILE"],
  });
}

/** The refusal when what a passphrase derives does not open a key. OpenSSL's own error may quote the passphrase. */
export function wrongPassphrase(): AppError {
  return new AppError("passphrase_wrong", "the passphrase does not open this key", {
    hints: ["Check the passphrase; a damaged file fails in the same way"],
  });
}
