import type { Settings } from "../core/authority/settings.ts";
import { type Field, fields } from "./fields.ts";
import { safe } from "./sanitize.ts";
import type { Style } from "./style.ts";

export interface InitResult {
  readonly settings: Settings;
  readonly encryption: "passphrase" | "none";
  readonly activeKid: string;
  readonly standbyKid: string;
}

/** A store that was made, or was there already. */
export type ShownStore = Omit<InitResult, "standbyKid"> & { readonly standbyKid: string | null };

export function initJson(path: string, result: ShownStore, created: boolean) {
  return {
    db: path,
    created,
    encryption: result.encryption,
    active_kid: result.activeKid,
    standby_kid: result.standbyKid,
    settings: result.settings,
  };
}

export function initText(path: string, result: InitResult, style: Style): string {
  const encryption =
    result.encryption === "passphrase"
      ? "encrypted under your passphrase"
      : style.doubtful("not encrypted: whoever has the file can sign");
  const rows: readonly Field[] = [
    ["issuer", safe(result.settings.issuer)],
    ["audience", safe(result.settings.audience)],
    ["active key", `${result.activeKid}  ${style.dim(result.settings.algorithm)}`],
    ["standby key", `${result.standbyKid}  ${style.dim("published ahead")}`],
    ["private keys", encryption],
  ];
  return `${style.good("created")} ${style.strong(safe(path))}\n\n${fields(rows, style)}`;
}

export function presentText(path: string, style: Style): string {
  return `${style.good("nothing to do:")} there is a store already: ${safe(path)}\n`;
}
