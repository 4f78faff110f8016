import type { SettingsStore } from "../../core/authority/ports/store.ts";
import type { SettingName, Settings } from "../../core/authority/settings.ts";
import type { Clock } from "../../core/base/ports.ts";
import { checkSettings, parseSetting, settingName } from "./parse-setting.ts";

export interface SettingChanged {
  readonly name: SettingName;
  readonly before: Settings;
  readonly after: Settings;
}

/** Changes one setting, for tokens that are issued from now on. @throws AppError `usage` */
export async function changeSetting(
  input: { name: string; value: string },
  ports: { store: SettingsStore; clock: Clock },
): Promise<SettingChanged> {
  const name = settingName(input.name);
  const change = parseSetting(name, input.value);
  const before = await ports.store.readSettings();
  const after = { ...before, ...change };
  checkSettings(after);
  await ports.store.writeSettings(change, ports.clock.now());
  return { name, before, after };
}
