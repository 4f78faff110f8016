import type { PlannedKey } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { Style } from "../style.ts";
import { relativeText, timeText } from "../time-text.ts";
import {
  demotionText,
  headline,
  keyJson,
  keyJsonOrNull,
  keyLines,
  kidText,
  verifiesText,
} from "./key-text.ts";

// In the JSON of a dry run `changed` says whether something would change.

export interface ActivatedView {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly active: SigningKey;
  readonly previous: SigningKey | null;
  readonly standby: SigningKey | PlannedKey | null;
}

export function activatedJson({ dryRun, changed, active, previous, standby }: ActivatedView) {
  return {
    dry_run: dryRun,
    changed,
    active: keyJson(active),
    previous: keyJsonOrNull(previous),
    standby: keyJsonOrNull(standby),
  };
}

export function activatedText(view: ActivatedView, time: TimeContext, style: Style): string {
  const { dryRun, changed, active, previous, standby } = view;
  if (!changed) return `${style.good("nothing to do:")} ${kidText(active)} is active already\n`;
  const lines = [
    headline(dryRun, "activated", "would activate", style),
    ...keyLines(
      [
        ["active", active, "signs from now on"],
        ...(previous ? [["previous", previous, demotionText(previous, time)] as const] : []),
        ...(standby ? [["standby", standby, "published ahead of its use"] as const] : []),
      ],
      style,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

export interface RetiredView {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly key: SigningKey;
}

export function retiredJson({ dryRun, changed, key }: RetiredView) {
  return { dry_run: dryRun, changed, key: keyJson(key) };
}

export function retiredText({ dryRun, changed, key }: RetiredView, time: TimeContext, style: Style): string {
  if (!changed) {
    const end = key.retiresAt === null ? "" : ` ${timeText(key.retiresAt, time)}`;
    const standing = key.state === "retired" ? "ended" : "is retiring, and ends by itself";
    return `${style.good("nothing to do:")} ${kidText(key)} ${standing}${end}\n`;
  }
  if (key.state === "retiring") {
    const moved = headline(dryRun, "brought forward", "would bring forward", style);
    return `${[moved, ...keyLines([["key", key, verifiesText(key, time)]], style)].join("\n")}\n`;
  }
  const head = headline(dryRun, "retired", "would retire", style);
  return `${[head, ...keyLines([["key", key, "accepted no more"]], style)].join("\n")}\n`;
}

export interface RevokedView {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly key: SigningKey;
  readonly active: SigningKey | PlannedKey | null;
  readonly standby: SigningKey | PlannedKey | null;
  readonly revokedSessions: readonly string[] | null;
}

/** `tokens_max_exp`: until when (NumericDate) signed tokens live elsewhere; null when there are none, or no end. */
export function revokedJson(view: RevokedView) {
  const { dryRun, changed, key, active, standby, revokedSessions } = view;
  return {
    dry_run: dryRun,
    changed,
    key: keyJson(key),
    active: keyJsonOrNull(active),
    standby: keyJsonOrNull(standby),
    tokens_max_exp: key.signedWithoutExp ? null : key.maxExp,
    signed_without_exp: key.signedWithoutExp ?? false,
    revoked_sessions: revokedSessions,
  };
}

export function revokedText(view: RevokedView, time: TimeContext, style: Style): string {
  const { dryRun, changed, key, active, standby, revokedSessions } = view;
  const lines: string[] = [];
  if (changed) {
    lines.push(headline(dryRun, "revoked", "would revoke", style));
    lines.push(
      ...keyLines(
        [
          ["revoked", key, "accepted no more; its private half is destroyed"],
          ...(active ? [["active", active, "signs from now on"] as const] : []),
          ...(standby ? [["standby", standby, "published ahead of its use"] as const] : []),
        ],
        style,
      ),
    );
  } else {
    const since = key.revokedAt === null ? "" : ` ${relativeText(key.revokedAt, time.now)}`;
    lines.push(`${style.good("nothing to do:")} ${kidText(key)} has been revoked${since}`);
  }
  if (revokedSessions !== null) {
    const count = `${revokedSessions.length} login${revokedSessions.length === 1 ? "" : "s"}`;
    lines.push(`  ${count} ${dryRun ? "would be revoked" : "revoked"}`);
  }
  lines.push("", ...elsewhere(key, time, style));
  return `${lines.join("\n")}\n`;
}

/** Says until when other verifiers may still accept tokens of a revoked key. */
function elsewhere(key: SigningKey, time: TimeContext, style: Style): string[] {
  if (key.signedWithoutExp) {
    return [
      style.doubtful(
        "It has signed tokens that never expire: a service that keeps this key in its JWKS cache or in",
      ),
      style.doubtful("a file accepts them, and forgeries, until it drops the key."),
    ];
  }
  if (key.maxExp === null || key.maxExp * 1000 <= time.now) {
    return ["No token it signed is alive. Forgeries are accepted where the key is cached or kept in a file."];
  }
  return [
    `Tokens it signed live until ${timeText(key.maxExp * 1000, time)}: services that keep this key in`,
    "their JWKS cache or in a file accept them, and forgeries, until they drop the key.",
  ];
}
