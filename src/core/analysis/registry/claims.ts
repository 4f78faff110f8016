import { CREDENTIAL_CLAIMS } from "./credential-claims.ts";
import { type Description, rows } from "./description.ts";
import { DEVICE_CLAIMS } from "./device-claims.ts";
import { PERSON_CLAIMS } from "./person-claims.ts";
import { PROVIDER_CLAIMS } from "./provider-claims.ts";
import { TELEPHONE_CLAIMS } from "./telephone-claims.ts";

const JWT = rows("RFC 7519", [
  ["iss", "issuer", "who made and signed the token"],
  [
    "sub",
    "subject",
    "whom the token is about: usually the user, by an id that the issuer never gives to another",
  ],
  ["aud", "audience", "for whom the token is meant: anyone not named here must refuse it"],
  ["exp", "expires", "from this second on the token must be refused"],
  ["nbf", "not before", "before this second the token must be refused"],
  ["iat", "issued at", "when the token was made"],
  ["jti", "token id", "a name of this one token, so that it can be told from others or used only once"],
]);

const OAUTH = [
  ...rows("RFC 9068", [
    ["roles", "roles", "the roles of the user"],
    ["groups", "groups", "the groups the user belongs to"],
    ["entitlements", "entitlements", "single rights of the user"],
  ]),
  ...rows("RFC 8693", [
    ["client_id", "client", "the application that asked for the token"],
    ["scope", "scope", "what the holder may do, as words between blanks"],
    ["act", "actor", "who acts on behalf of the subject"],
    ["may_act", "may act", "who is allowed to act on behalf of the subject"],
  ]),
  ...rows("RFC 7800", [
    ["cnf", "confirmation", "the key the presenter must prove to hold: a copied token alone is useless"],
  ]),
  ...rows("RFC 9200", [
    ["ace_profile", "ACE profile", "how client and resource server protect what they say to each other"],
    [
      "cnonce",
      "client nonce",
      "what the resource server gave the client, so that it knows the token is fresh",
    ],
    [
      "exi",
      "expires in",
      "for how many seconds after it is first seen the token is valid, for devices without a clock",
    ],
  ]),
  ...rows("RFC 9396", [
    ["authorization_details", "authorization details", "what the holder may do, in structured form"],
  ]),
  ...rows("RFC 9449", [
    ["htm", "HTTP method", "the method of the one request this DPoP proof is for"],
    ["htu", "HTTP address", "the address of the one request this DPoP proof is for"],
    ["ath", "access token hash", "ties this DPoP proof to an access token"],
  ]),
  ...rows("RFC 9701", [
    ["token_introspection", "introspection", "what the authorization server says about another token"],
  ]),
];

const EVENTS = [
  ...rows("RFC 8417", [
    ["events", "events", "what happened, in a security event token"],
    ["toe", "time of event", "when the event happened"],
    ["txn", "transaction", "the transaction this token belongs to"],
  ]),
  ...rows("RFC 9493", [["sub_id", "subject identifier", "whom the token is about, in structured form"]]),
];

const LOGIN = [
  ...rows("OpenID Connect Core, section 2", [
    ["auth_time", "logged in at", "when the user last proved who they are"],
    ["nonce", "nonce", "ties the token to one login request, against replay"],
    ["acr", "authentication class", "how strong the login was"],
    ["amr", "authentication methods", "how the user logged in: pwd, otp, mfa and the like"],
    ["azp", "authorized party", "the client this token was issued to"],
  ]),
  ...rows("OpenID Connect Core, section 3", [
    ["at_hash", "access token hash", "ties this ID token to the access token issued with it"],
    ["c_hash", "code hash", "ties this ID token to the authorization code"],
  ]),
  ...rows("OpenID Connect Core, section 5.6", [
    ["_claim_names", "claim names", "which claims are to be found elsewhere, and under which source"],
    ["_claim_sources", "claim sources", "where the claims that are elsewhere can be had"],
  ]),
  ...rows("OpenID Connect Core, section 7", [
    ["sub_jwk", "subject's key", "the public key that identifies a user who is their own issuer"],
  ]),
  ...rows("OpenID Connect Front-Channel Logout, section 3", [
    ["sid", "session id", "the login this token belongs to"],
  ]),
  ...rows("FAPI 1.0 Advanced, section 5", [
    ["s_hash", "state hash", "ties this ID token to the state of the request"],
  ]),
  ...rows("RFC 8485", [
    ["vot", "vector of trust", "how far the identity can be trusted, aspect by aspect"],
    ["vtm", "trustmark", "where the meaning of the vector of trust is defined"],
  ]),
  ...rows("OpenID Federation 1.0", [
    ["metadata", "metadata", "how an entity of a federation can be used"],
    ["metadata_policy", "metadata policy", "what members of a federation may say of themselves"],
    ["constraints", "constraints", "how far trust in a federation reaches"],
    ["authority_hints", "authority hints", "who vouches for this member of a federation"],
    ["trust_marks", "trust marks", "statements of others that this member keeps to certain rules"],
    ["jwks", "key set", "the public keys of whom the token is about"],
  ]),
];

const CLAIMS: ReadonlyMap<string, Description> = new Map([
  ...PROVIDER_CLAIMS,
  ...TELEPHONE_CLAIMS,
  ...DEVICE_CLAIMS,
  ...CREDENTIAL_CLAIMS,
  ...PERSON_CLAIMS,
  ...EVENTS,
  ...LOGIN,
  ...OAUTH,
  ...JWT,
]);

/** The description of a registered or common claim; undefined for private claims. */
export function claimDescription(name: string): Description | undefined {
  return CLAIMS.get(name);
}

export const KNOWN_CLAIMS: readonly string[] = [...CLAIMS.keys()];
