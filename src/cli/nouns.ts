/** The headings of the help, in order. */
export const GROUPS = ["Tokens", "Logins", "Authority", "Store", "Learn"] as const;

/** What the nouns are about, for the help. */
export const NOUNS: Readonly<Record<string, { summary: string; group: (typeof GROUPS)[number] }>> = {
  keys: { summary: "Signing keys: generate, rotate, publish, import, export", group: "Authority" },
  users: { summary: "Users who can log in, and the claims their tokens carry", group: "Authority" },
  tokens: { summary: "Sessions and their refresh tokens: list, revoke, prune", group: "Authority" },
  config: { summary: "Issuer, audience, lifetimes and the default algorithm", group: "Store" },
  audit: { summary: "The log of what happened: read it, follow it, export it, verify it", group: "Store" },
};
