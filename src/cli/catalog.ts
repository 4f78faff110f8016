import type { Verb } from "./command.ts";
import type { GROUPS } from "./nouns.ts";

export interface CatalogEntry {
  /** `["decode"]` or `["keys", "rotate"]`. */
  readonly path: readonly [string] | readonly [string, string];
  readonly aliases?: readonly string[];
  /** The verb that is meant when its noun stands alone. */
  readonly default?: true;
  readonly summary: string;
  /** For bare verbs: the heading they stand under. */
  readonly group?: (typeof GROUPS)[number];
  /** Loads the verb's own file, and nothing of the other verbs. */
  readonly load: () => Promise<Verb>;
}

/** Every command. A new one is a line here, a verb file, a use case and a view. */
export const CATALOG: readonly CatalogEntry[] = [
  {
    path: ["demo"],
    summary: "The whole life of a token in one command, on a throw-away store",
    group: "Learn",
    load: async () => (await import("./learn/demo.ts")).demo,
  },
  {
    path: ["decode"],
    aliases: ["inspect"],
    summary: "Show what is in a token; no key needed",
    group: "Tokens",
    load: async () => (await import("./token/decode.ts")).decode,
  },
  {
    path: ["verify"],
    summary: "Check a token's signature and claims, and say why it fails",
    group: "Tokens",
    load: async () => (await import("./token/verify.ts")).verify,
  },
  {
    path: ["mint"],
    aliases: ["sign", "encode"],
    summary: "Sign a JWT from flags and JSON",
    group: "Tokens",
    load: async () => (await import("./token/mint.ts")).mint,
  },
  {
    path: ["lint"],
    summary: "Review a token against best practices, without any key",
    group: "Tokens",
    load: async () => (await import("./token/lint.ts")).lint,
  },
  {
    path: ["diff"],
    summary: "Compare two tokens: what differs, and whether it matters",
    group: "Tokens",
    load: async () => (await import("./token/diff.ts")).diff,
  },
  {
    path: ["tamper"],
    summary: "Forge a token the way attackers do, and see verification refuse it",
    group: "Tokens",
    load: async () => (await import("./token/tamper.ts")).tamper,
  },
  {
    path: ["init"],
    summary: "Create the store: a SQLite file with a first signing key",
    group: "Store",
    load: async () => (await import("./store/init.ts")).init,
  },
  {
    path: ["keys", "generate"],
    summary: "Make a signing key, or a key pair without a store",
    load: async () => (await import("./keys/generate.ts")).generate,
  },
  {
    path: ["keys", "list"],
    summary: "List the keys, their states and dates",
    load: async () => (await import("./keys/list.ts")).list,
  },
  {
    path: ["keys", "show"],
    summary: "Show one key and its public half",
    load: async () => (await import("./keys/show.ts")).show,
  },
  {
    path: ["keys", "rotate"],
    summary: "Make the standby key active, and create the next standby",
    load: async () => (await import("./keys/rotate.ts")).rotate,
  },
  {
    path: ["keys", "activate"],
    summary: "Sign with this key from now on",
    load: async () => (await import("./keys/activate.ts")).activate,
  },
  {
    path: ["keys", "retire"],
    summary: "End a standby, or an imported key that verifies",
    load: async () => (await import("./keys/retire.ts")).retire,
  },
  {
    path: ["keys", "revoke"],
    summary: "Take a compromised key out of use at once",
    load: async () => (await import("./keys/revoke.ts")).revoke,
  },
  {
    path: ["keys", "delete"],
    summary: "Take a key out of the store",
    load: async () => (await import("./keys/delete.ts")).deleteVerb,
  },
  {
    path: ["keys", "jwks"],
    summary: "Print or write the public keys as a JWK Set",
    load: async () => (await import("./keys/jwks.ts")).jwks,
  },
  {
    path: ["keys", "export"],
    summary: "Write one key as PEM, DER or JWK",
    load: async () => (await import("./keys/export.ts")).exportVerb,
  },
  {
    path: ["keys", "import"],
    summary: "Take a key from a file into the store",
    load: async () => (await import("./keys/import.ts")).importVerb,
  },
  {
    path: ["keys", "thumbprint"],
    summary: "Print the RFC 7638 thumbprint of a key",
    load: async () => (await import("./keys/thumbprint.ts")).thumbprint,
  },
  {
    path: ["keys", "convert"],
    summary: "Write a key file in another form: PEM, JWK or DER; no store needed",
    load: async () => (await import("./keys/convert.ts")).convert,
  },
  {
    path: ["keys", "passphrase"],
    summary: "Set, change or remove the passphrase of the private keys",
    load: async () => (await import("./keys/passphrase.ts")).passphrase,
  },
  {
    path: ["keys", "lint"],
    summary: "Review a file that is meant to be public",
    load: async () => (await import("./keys/lint.ts")).lint,
  },
  {
    path: ["login"],
    summary: "Trade a password for an access token and a refresh token",
    group: "Logins",
    load: async () => (await import("./login/login.ts")).login,
  },
  {
    path: ["whoami"],
    summary: "Show who is logged in here, and until when",
    group: "Logins",
    load: async () => (await import("./login/whoami.ts")).whoami,
  },
  {
    path: ["access-token"],
    summary: "Print a valid access token, refreshed when needed",
    group: "Logins",
    load: async () => (await import("./login/access-token.ts")).accessToken,
  },
  {
    path: ["refresh"],
    summary: "Trade a refresh token for new tokens",
    group: "Logins",
    load: async () => (await import("./login/refresh.ts")).refresh,
  },
  {
    path: ["logout"],
    summary: "End the session",
    group: "Logins",
    load: async () => (await import("./login/logout.ts")).logout,
  },
  {
    path: ["users", "add"],
    summary: "Register a user",
    load: async () => (await import("./users/add.ts")).add,
  },
  {
    path: ["users", "list"],
    summary: "List the users",
    load: async () => (await import("./users/list.ts")).list,
  },
  {
    path: ["users", "show"],
    summary: "Show one user",
    load: async () => (await import("./users/show.ts")).show,
  },
  {
    path: ["users", "passwd"],
    summary: "Change a user's password and end their sessions",
    load: async () => (await import("./users/passwd.ts")).passwd,
  },
  {
    path: ["users", "set"],
    summary: "Change the claims of a user's access tokens",
    load: async () => (await import("./users/set.ts")).set,
  },
  {
    path: ["users", "disable"],
    summary: "Keep a user from logging in and end their sessions",
    load: async () => (await import("./users/disable.ts")).disable,
  },
  {
    path: ["users", "enable"],
    summary: "Let a disabled user log in again",
    load: async () => (await import("./users/enable.ts")).enable,
  },
  {
    path: ["users", "unlock"],
    summary: "End the wait after wrong passwords",
    load: async () => (await import("./users/unlock.ts")).unlock,
  },
  {
    path: ["users", "remove"],
    summary: "Remove a user and end their sessions",
    load: async () => (await import("./users/remove.ts")).remove,
  },
  {
    path: ["tokens", "list"],
    summary: "List the sessions",
    load: async () => (await import("./tokens/list.ts")).list,
  },
  {
    path: ["tokens", "show"],
    summary: "Show one session and what became of its refresh tokens",
    load: async () => (await import("./tokens/show.ts")).show,
  },
  {
    path: ["tokens", "revoke"],
    summary: "End sessions: by id, user or refresh token, or all",
    load: async () => (await import("./tokens/revoke.ts")).revoke,
  },
  {
    path: ["tokens", "prune"],
    summary: "Remove sessions that ended long ago",
    load: async () => (await import("./tokens/prune.ts")).prune,
  },
  {
    path: ["config", "get"],
    summary: "Print one setting",
    load: async () => (await import("./config/get.ts")).get,
  },
  {
    path: ["config", "set"],
    summary: "Change one setting",
    load: async () => (await import("./config/set.ts")).set,
  },
  {
    path: ["config", "list"],
    summary: "Print all settings",
    load: async () => (await import("./config/list.ts")).list,
  },
  {
    path: ["doctor"],
    summary: "Examine the store, and repair what is safe to repair",
    group: "Store",
    load: async () => (await import("./store/doctor.ts")).doctor,
  },
  {
    path: ["backup"],
    summary: "Write a verified copy of the store while others use it",
    group: "Store",
    load: async () => (await import("./store/backup.ts")).backup,
  },
  {
    path: ["restore"],
    summary: "Put a backup in the place of the store",
    group: "Store",
    load: async () => (await import("./store/restore.ts")).restore,
  },
  {
    path: ["audit", "list"],
    default: true,
    summary: "Show what happened, the newest last",
    load: async () => (await import("./audit/list.ts")).list,
  },
  {
    path: ["audit", "export"],
    summary: "Write the log as lines that can be verified elsewhere",
    load: async () => (await import("./audit/export.ts")).exportVerb,
  },
  {
    path: ["audit", "verify"],
    summary: "See that nothing of the log, or of an export, was altered",
    load: async () => (await import("./audit/verify.ts")).verify,
  },
  {
    path: ["completion"],
    summary: "Print what makes Tab complete commands, options, kids and users",
    group: "Learn",
    load: async () => (await import("./completion/completion.ts")).completion,
  },
];
