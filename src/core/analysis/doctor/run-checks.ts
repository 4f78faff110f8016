import { checkAudit } from "./check-audit.ts";
import * as content from "./check-content.ts";
import { type CredentialsFacts, checkCredentials } from "./check-credentials.ts";
import { checkJwks, type JwksFile } from "./check-jwks.ts";
import { checkKeyMaterial } from "./check-key-material.ts";
import * as keys from "./check-keys.ts";
import type { ContentFacts, KeyMaterialFacts, Known, StoreFacts } from "./facts.ts";
import { type CheckId, type Finding, fail, skip } from "./finding.ts";

export interface DoctorInput {
  readonly store: StoreFacts;
  /** Null when there is no current session. */
  readonly credentials: CredentialsFacts | null;
  /** Undefined when no file was given. */
  readonly jwks: JwksFile | undefined;
  /** Undefined when it was not examined. */
  readonly keyMaterial?: KeyMaterialFacts | undefined;
  /** ms */
  readonly now: number;
}

/** Makes every check. @returns the findings of the backend, then one for each check in the order of the table */
export function runChecks({ store, credentials, jwks, keyMaterial, now }: DoctorInput): readonly Finding[] {
  const inContent = contentReader(store);
  return [
    ...store.findings,
    checkCredentials(credentials),
    inContent("settings", ({ settings }) => settings, content.checkSettings),
    inContent("encryption", bothOf, ({ all, encryption }) => keys.checkEncryption(all, encryption)),
    inContent("active_key", keysOf, keys.checkActiveKey),
    inContent("standby_key", keysOf, keys.checkStandbyKey),
    inContent("key_age", keysOf, (all) => keys.checkKeyAge(all, now)),
    inContent("key_dates", keysOf, (all) => keys.checkKeyDates(all, now)),
    inContent("private_halves", keysOf, (all) => keys.checkPrivateHalves(all, now)),
    inContent(
      "key_material",
      ({ halves }) => halves,
      () =>
        keyMaterial === undefined
          ? skip("key_material", "it was not looked at")
          : checkKeyMaterial(keyMaterial),
    ),
    jwks === undefined
      ? skip("jwks", "name the published file to compare it: --jwks FILE")
      : inContent("jwks", keysOf, (all) => checkJwks(jwks, all, now)),
    inContent("sessions", ({ sessions }) => sessions, content.checkSessions),
    inContent("seals", ({ sessions }) => sessions, content.checkSeals),
    inContent("passwords", ({ weakUsers }) => weakUsers, content.checkPasswords),
    inContent("audit", logOf, ({ audit, traces }) => checkAudit(audit, traces)),
    store.content === null
      ? content.checkClock(NO_TIMES, now)
      : inContent("clock", timesOf, (times) => content.checkClock(times, now)),
  ];
}

const NO_TIMES = { newest: null, lastUse: null };

function timesOf({ newestTime, lastUse }: ContentFacts): Known<content.StoreTimes> {
  if (!newestTime.ok) return newestTime;
  if (!lastUse.ok) return lastUse;
  return { ok: true, value: { newest: newestTime.value, lastUse: lastUse.value } };
}

const keysOf = ({ keys: known }: ContentFacts) => known;

function bothOf({ keys: all, encryption }: ContentFacts) {
  if (!all.ok) return all;
  if (!encryption.ok) return encryption;
  return { ok: true, value: { all: all.value, encryption: encryption.value } } as const;
}

function logOf({ audit, traces }: ContentFacts) {
  if (!audit.ok) return audit;
  // Faults of the chain are reported even when the traces cannot be read.
  if (!traces.ok && audit.value.faultCount === 0) return traces;
  return { ok: true, value: { audit: audit.value, traces: traces.ok ? traces.value : undefined } } as const;
}

/** Runs a check on a part of the content; when that part cannot be read, this check alone fails. */
function contentReader({ content: facts, unread }: StoreFacts) {
  return <T>(id: CheckId, part: (facts: ContentFacts) => Known<T>, check: (value: T) => Finding): Finding => {
    if (facts === null) return skip(id, unread ?? "it cannot be read");
    const known = part(facts);
    if (known.ok) return check(known.value);
    return fail(id, `it cannot be read: ${known.why}`, "See the check of the integrity");
  };
}
