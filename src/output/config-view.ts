import type { SettingName, Settings } from "../core/authority/settings.ts";
import { safe } from "./sanitize.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

const MEANINGS: Readonly<Record<SettingName, string>> = {
  issuer: "iss of the tokens: who issues them",
  audience: "aud of the access tokens: who they are for",
  access_ttl: "lifetime of an access token; it cannot be revoked before",
  refresh_idle: "a login ends when its refresh token is not used for so long",
  refresh_max: "a login ends in any case after so long",
  reuse_window: "how long a repeated refresh gets the same answer (0: any repeat is theft)",
  algorithm: "for keys that are generated from now on",
};

/** All settings with their meaning. @param shown the values as the user would type them */
export function settingsText(shown: readonly (readonly [SettingName, string])[], style: Style): string {
  return table(
    shown,
    [
      { title: "SETTING", cell: ([name]) => name, paint: (text) => style.strong(text) },
      { title: "VALUE", cell: ([, value]) => safe(value) },
      { title: "MEANING", cell: ([name]) => MEANINGS[name], paint: (text) => style.dim(text), wraps: true },
    ],
    style,
  );
}

/** The settings as JSON; durations are in seconds. */
export function settingsJson(settings: Settings): Settings {
  return settings;
}
