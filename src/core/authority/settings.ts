import type { JwsAlgorithm } from "../jose/algorithms.ts";
import { DEFAULT_ALGORITHM } from "../jose/algorithms.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What a store is configured to do (`jwtctl config`). Durations are seconds. */
export interface Settings {
  readonly issuer: string;
  readonly audience: string;
  readonly access_ttl: number;
  readonly refresh_idle: number;
  readonly refresh_max: number;
  readonly reuse_window: number;
  readonly algorithm: JwsAlgorithm;
}

export type SettingName = keyof Settings;

export const DEFAULT_SETTINGS: Settings = {
  issuer: "https://jwtctl.localhost",
  audience: "https://api.localhost",
  access_ttl: 15 * MINUTE,
  refresh_idle: 14 * DAY,
  refresh_max: 90 * DAY,
  reuse_window: 10,
  algorithm: DEFAULT_ALGORITHM,
};

/** The limits of the settings that are durations, in seconds, both ends allowed. */
export const DURATION_LIMITS = {
  access_ttl: { min: MINUTE, max: DAY },
  refresh_idle: { min: 5 * MINUTE, max: 365 * DAY },
  refresh_max: { min: HOUR, max: 366 * DAY },
  reuse_window: { min: 0, max: 10 * MINUTE },
} as const satisfies Partial<Record<SettingName, { min: number; max: number }>>;
