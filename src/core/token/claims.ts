import { type Knowledge, rows } from "./knowledge.ts";

const RFC_7519 = rows("RFC 7519", [
  ["iss", "issuer", "uri", "who made and signed the token"],
  [
    "sub",
    "subject",
    "string",
    "whom the token is about: usually the user, by an id that the issuer never gives to another",
  ],
  ["aud", "audience", "audience", "for whom the token is meant: anyone not named here must refuse it"],
  [
    "exp",
    "expires",
    "numeric-date",
    "from this second on the token must be refused",
    { past: "expired", future: "expires" },
  ],
  [
    "nbf",
    "not before",
    "numeric-date",
    "before this second the token must be refused",
    { past: "valid since", future: "valid" },
  ],
  ["iat", "issued at", "numeric-date", "when the token was made", { past: "issued", future: "issued" }],
  [
    "jti",
    "token id",
    "string",
    "a name of this one token, so that it can be told from others or used only once",
  ],
]);

const RFC_9068 = rows("RFC 9068", [
  ["client_id", "client", "string", "the application that asked for the token"],
  ["scope", "scope", "scope", "what the holder may do, as words between blanks"],
  ["roles", "roles", "list", "the roles of the user"],
  ["groups", "groups", "list", "the groups the user belongs to"],
  ["entitlements", "entitlements", "list", "single rights of the user"],
]);

const RFC_8693 = rows("RFC 8693", [
  ["act", "actor", "object", "who acts on behalf of the subject"],
  ["may_act", "may act", "object", "who is allowed to act on behalf of the subject"],
]);

const OIDC_TOKEN = rows("OpenID Connect Core, section 2", [
  [
    "auth_time",
    "logged in at",
    "numeric-date",
    "when the user last proved who they are",
    { past: "logged in", future: "logged in" },
  ],
  ["nonce", "nonce", "string", "ties the token to one login request, against replay"],
  ["acr", "authentication class", "string", "how strong the login was"],
  ["amr", "authentication methods", "list", "how the user logged in: pwd, otp, mfa and the like"],
  ["azp", "authorized party", "string", "the client this token was issued to"],
  ["at_hash", "access token hash", "string", "ties this ID token to the access token issued with it"],
  ["c_hash", "code hash", "string", "ties this ID token to the authorization code"],
  ["s_hash", "state hash", "string", "ties this ID token to the state of the request"],
  ["sid", "session id", "string", "the login this token belongs to"],
]);

const OIDC_USER = rows("OpenID Connect Core, section 5.1", [
  ["name", "full name", "string", "the user's full name"],
  ["given_name", "given name", "string", "the user's first name"],
  ["family_name", "family name", "string", "the user's last name"],
  ["middle_name", "middle name", "string", "the user's middle name"],
  ["nickname", "nickname", "string", "the user's casual name"],
  [
    "preferred_username",
    "user name",
    "string",
    "the name the user wants to be called by; it may change and need not be unique",
  ],
  ["profile", "profile page", "uri", "the address of the user's profile page"],
  ["picture", "picture", "uri", "the address of the user's picture"],
  ["website", "website", "uri", "the user's web page"],
  ["email", "e-mail", "string", "the user's e-mail address"],
  [
    "email_verified",
    "e-mail verified",
    "boolean",
    "whether the issuer made sure that the address is the user's",
  ],
  ["gender", "gender", "string", "the user's gender"],
  ["birthdate", "birth date", "string", "the user's day of birth"],
  ["zoneinfo", "time zone", "string", "the user's time zone"],
  ["locale", "locale", "string", "the user's language and region"],
  ["phone_number", "phone number", "string", "the user's phone number"],
  [
    "phone_number_verified",
    "phone verified",
    "boolean",
    "whether the issuer made sure that the number is the user's",
  ],
  ["address", "address", "object", "the user's postal address"],
  [
    "updated_at",
    "updated at",
    "numeric-date",
    "when what is said about the user last changed",
    { past: "updated", future: "updated" },
  ],
]);

const OTHERS: readonly (readonly [string, Knowledge])[] = [
  ...rows("RFC 7800", [
    [
      "cnf",
      "confirmation",
      "object",
      "the key the presenter must prove to hold: a copied token alone is useless",
    ],
  ]),
  ...rows("RFC 8417", [
    ["events", "events", "object", "what happened, in a security event token"],
    [
      "toe",
      "time of event",
      "numeric-date",
      "when the event happened",
      { past: "happened", future: "happens" },
    ],
    ["txn", "transaction", "string", "the transaction this token belongs to"],
  ]),
  ...rows("RFC 9449", [
    ["htm", "HTTP method", "string", "the method of the one request this DPoP proof is for"],
    ["htu", "HTTP address", "uri", "the address of the one request this DPoP proof is for"],
    ["ath", "access token hash", "string", "ties this DPoP proof to an access token"],
  ]),
  ...rows("RFC 9396", [
    ["authorization_details", "authorization details", "list", "what the holder may do, in structured form"],
  ]),
  ...rows("RFC 9493", [
    ["sub_id", "subject identifier", "object", "whom the token is about, in structured form"],
  ]),
  ...rows("RFC 9901", [
    ["_sd", "selective disclosures", "list", "hashes of claims that the holder may disclose one by one"],
    ["_sd_alg", "disclosure hash", "string", "the hash of the selective disclosures"],
    ["vct", "credential type", "uri", "the type of a verifiable credential"],
  ]),
  ...rows("not registered, used by Django and others", [
    [
      "orig_iat",
      "first issued at",
      "numeric-date",
      "when the first token of this chain was made",
      { past: "issued", future: "issued" },
    ],
  ]),
];

const CLAIMS: ReadonlyMap<string, Knowledge> = new Map([
  ...RFC_7519,
  ...RFC_9068,
  ...RFC_8693,
  ...OIDC_TOKEN,
  ...OIDC_USER,
  ...OTHERS,
]);

/** What is known about a claim of the payload; undefined for private claims. */
export function claimKnowledge(name: string): Knowledge | undefined {
  return CLAIMS.get(name);
}

const NUMERIC_DATES: ReadonlySet<string> = new Set(
  [...CLAIMS].filter(([, { kind }]) => kind === "numeric-date").map(([name]) => name),
);

/** Whether a claim's value is a NumericDate: seconds since 1970, fractions allowed (RFC 7519 section 2). */
export function isNumericDateClaim(name: string): boolean {
  return NUMERIC_DATES.has(name);
}
