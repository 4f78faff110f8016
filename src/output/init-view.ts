import type { Settings } from "../core/settings.ts";
import { safe } from "./sanitize.ts";
import type { Style } from "./style.ts";

export interface InitResult {
  readonly settings: Settings;
  readonly encryption: "passphrase" | "none";
  readonly activeKid: string;
  readonly standbyKid: string;
}

export function initJson(path: string, result: InitResult) {
  return {
    db: path,
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
  const line = (label: string, value: string) => `  ${style.dim(label.padEnd(13))}${value}`;
  return [
    `${style.good("created")} ${style.strong(safe(path))}`,
    "",
    line("issuer", safe(result.settings.issuer)),
    line("audience", safe(result.settings.audience)),
    line("active key", `${result.activeKid}  ${style.dim(result.settings.algorithm)}`),
    line("standby key", `${result.standbyKid}  ${style.dim("published ahead of its use")}`),
    line("private keys", encryption),
    "",
    `Next: ${style.command("jwtctl users add alice")}, then ${style.command("jwtctl login alice")}`,
    "",
  ].join("\n");
}
