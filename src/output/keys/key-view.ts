import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { jsonDocument, jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { timeText } from "../time-text.ts";
import { keyJson, stateText, verifiesText } from "./key-text.ts";

export interface ShownKey {
  readonly key: SigningKey;
  /** Null for a shared secret. */
  readonly publicJwk: JsonObject | null;
  /** The public half as PEM; null when it was not asked for. */
  readonly pem: string | null;
}

export function shownKeyJson({ key, publicJwk, pem }: ShownKey) {
  return {
    ...keyJson(key),
    revoked_at: jsonTime(key.revokedAt),
    signed_without_exp: key.signedWithoutExp ?? false,
    former_kid: key.formerKid ?? null,
    public_jwk: publicJwk,
    ...(pem === null ? {} : { pem }),
  };
}

export function shownKeyText(shown: ShownKey, time: TimeContext, style: Style): string {
  const { key } = shown;
  const rows: [label: string, value: string][] = [
    ["kid", style.strong(safe(key.kid))],
    ["algorithm", key.alg],
    ["state", `${stateText(key.state, key, style)} ${style.dim(`(${MEANINGS[key.state]})`)}`],
    ["created", timeText(key.createdAt, time)],
  ];
  if (key.formerKid !== undefined) rows.splice(1, 0, ["former kid", safe(key.formerKid)]);
  if (key.activatedAt !== null) rows.push(["activated", timeText(key.activatedAt, time)]);
  rows.push(["last exp", lastExpText(key, time)]);
  if (key.state === "retiring" || key.state === "retired") rows.push(["retirement", verifiesText(key, time)]);
  if (key.revokedAt !== null) rows.push(["revoked", timeText(key.revokedAt, time)]);
  rows.push(["private half", privateText(key)]);
  const lines = rows.map(([label, value]) => `${style.dim(label.padEnd(13))} ${value}`);
  return `${lines.join("\n")}\n\n${publicText(shown, style)}`;
}

const MEANINGS: Readonly<Record<SigningKey["state"], string>> = {
  standby: "published, does not sign yet",
  active: "signs new tokens",
  retiring: "verifies, signs no more",
  retired: "accepted no more",
  revoked: "compromised: accepted no more",
};

function lastExpText(key: SigningKey, time: TimeContext): string {
  if (key.signedWithoutExp) return "never: it has signed a token without exp";
  if (key.maxExp !== null) return timeText(key.maxExp * 1000, time);
  return wasImportedToVerify(key) ? "it has signed nothing here" : "it has signed nothing yet";
}

function privateText(key: SigningKey): string {
  if (key.hasPrivate) return "in the store; never shown";
  return wasImportedToVerify(key) ? "not in the store" : "destroyed";
}

/** Whether a retiring or retired key was never active: it was imported to verify. */
function wasImportedToVerify(key: SigningKey): boolean {
  return key.activatedAt === null && key.state !== "standby";
}

function publicText({ publicJwk, pem }: ShownKey, style: Style): string {
  if (pem !== null) return pem;
  if (publicJwk !== null) return jsonDocument(publicJwk);
  return `${style.dim("a shared secret (oct) has no public half: only those who may sign can verify")}\n`;
}
