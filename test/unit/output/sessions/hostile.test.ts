import { describe, expect, it } from "vitest";
import type { Session } from "../../../../src/core/authority/sessions/session.ts";
import { revokedText } from "../../../../src/output/sessions/ended-view.ts";
import { historyText } from "../../../../src/output/sessions/history-view.ts";
import { sessionListText } from "../../../../src/output/sessions/list-view.ts";
import { createStyle } from "../../../../src/output/style.ts";
import { EVERYTHING, expectHarmless } from "../terminal-safety.ts";

const style = createStyle({ color: false, isTerminal: false, columns: undefined });

const session: Session = {
  id: EVERYTHING,
  userId: "u",
  userName: EVERYTHING,
  status: "active",
  reason: null,
  clientId: EVERYTHING,
  createdAt: 0,
  lastUsedAt: 0,
  idleExpiresAt: 1000,
  expiresAt: 1000,
  endedAt: null,
  rotations: 0,
};
const time = { now: 0, utcOffset: () => 0 };

describe("attack: a store from elsewhere, in which logins have ids that act on a terminal", () => {
  it.each([
    ["listed", () => sessionListText([session], 0, style)],
    ["shown", () => historyText({ session, tokens: [] }, time, style)],
    ["revoked", () => revokedText([session.id], style)],
  ])("nothing of it acts when they are %s", (what, text) => {
    expect(text()).toContain("\\u001b");
    expectHarmless(text(), what);
  });
});
