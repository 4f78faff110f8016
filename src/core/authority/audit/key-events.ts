import { isoInstant } from "../../base/time/format.ts";
import type { KeyState, SigningKey } from "../keys/signing-key.ts";
import type { AuditEvent, AuditType } from "./entry.ts";

/** What the log tells of a key; the state as it is recorded, not as time has made it. */
export type KeyFacts = Pick<SigningKey, "kid" | "alg" | "state" | "hasPrivate" | "retiresAt">;

const ARRIVED_IN: Readonly<Record<KeyState, AuditType | undefined>> = {
  standby: undefined,
  active: "key_activated",
  retiring: "key_retiring",
  retired: "key_retired",
  revoked: "key_revoked",
};

/**
 * What happened to the keys of a store, told by how they were before and after: whatever a command or the calendar did,
 * nothing is left out. Keys that stop signing come before those that begin.
 */
export function keyEvents(before: readonly KeyFacts[], after: readonly KeyFacts[]): AuditEvent[] {
  const changed = after.flatMap((key) => {
    const old = before.find(({ kid }) => kid === key.kid);
    return old === undefined ? [] : stateEvents(old, key);
  });
  const added = after.filter(({ kid }) => before.every((key) => key.kid !== kid)).map(addedEvent);
  const deleted = before.filter(({ kid }) => after.every((key) => key.kid !== kid)).map(deletedEvent);
  return [...changed.sort((a, b) => rank(a) - rank(b)), ...added, ...deleted];
}

function stateEvents(old: KeyFacts, key: KeyFacts): AuditEvent[] {
  const destroyed = old.hasPrivate && !key.hasPrivate;
  const moved = key.state === "retiring" && old.retiresAt !== key.retiresAt;
  if (old.state === key.state && !destroyed && !moved) return [];
  const type = ARRIVED_IN[key.state];
  if (type === undefined) return [];
  return [
    {
      type,
      kid: key.kid,
      details: {
        before: old.state,
        ...(destroyed ? { private_half: "destroyed" } : {}),
        ...(key.state === "retiring"
          ? { retires_at: key.retiresAt === null ? null : isoInstant(key.retiresAt) }
          : {}),
      },
    },
  ];
}

function addedEvent({ kid, alg, state, hasPrivate }: KeyFacts): AuditEvent {
  return { type: "key_added", kid, details: { alg, state, private_half: hasPrivate } };
}

function deletedEvent({ kid, alg, state }: KeyFacts): AuditEvent {
  return { type: "key_deleted", kid, details: { alg, state } };
}

function rank({ type }: AuditEvent): number {
  return type === "key_activated" ? 1 : 0;
}
