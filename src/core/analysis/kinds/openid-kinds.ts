import { claim, demands, equals, OBJECT, objectWith, sign, type TokenKind } from "./kind.ts";

const BACK_CHANNEL_LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

/** Kinds of OpenID Connect and its relatives. */
export const OPENID_KINDS: readonly TokenKind[] = [
  {
    id: "logout-token",
    name: "a logout token",
    specification: "OpenID Connect Back-Channel Logout",
    purpose: "an issuer tells a client that a session has ended",
    types: ["logout+jwt"],
    typed: "should",
    signs: [
      {
        says: "its events name a back-channel logout",
        all: [claim("events", objectWith(BACK_CHANNEL_LOGOUT))],
      },
      { says: "its claim typ is Logout", all: [claim("typ", equals("Logout"))] },
    ],
    demands: [
      ...demands("must", "2.4", "payload", "iss", "aud", "iat", "exp", "jti", { name: "sub", or: "sid" }),
      ...demands("must", "2.4", "payload", { name: "events", form: objectWith(BACK_CHANNEL_LOGOUT) }),
      ...demands("must not", "2.4", "payload", "nonce"),
    ],
    exempt: ["missing-typ", "missing-sub"],
  },
  {
    id: "security-event",
    name: "a security event token",
    specification: "RFC 8417",
    purpose: "an issuer tells a receiver what has happened; it grants nothing",
    types: ["secevent+jwt"],
    typed: "should",
    signs: [{ says: "it has events", all: [claim("events", OBJECT)] }],
    demands: [
      ...demands("must", "2.2", "payload", "iss", "iat", "jti", { name: "events", form: OBJECT }),
      ...demands("should", "2.2", "payload", "aud"),
      ...demands("should not", "2.2", "payload", "exp"),
    ],
    // What has happened stays so, and may concern nobody in particular.
    exempt: ["no-exp", "missing-typ", "missing-sub", "missing-aud"],
  },
  {
    id: "id-token",
    name: "an ID token",
    specification: "OpenID Connect Core",
    purpose: "it tells the client named in its aud who has logged in; it opens no API",
    types: [],
    typed: "may",
    signs: [
      { says: "its token_use is id", all: [claim("token_use", equals("id"))] },
      { says: "its claim typ is ID", all: [claim("typ", equals("ID"))] },
      ...["at_hash", "c_hash", "s_hash", "nonce"].map((name) => ({
        ...sign(name),
        none: ["scope", "scp", "sd_hash", "response_type", "htm"],
      })),
    ],
    demands: demands("must", "2", "payload", "iss", "sub", "aud", "exp", "iat"),
    exempt: ["missing-typ"],
  },
  {
    id: "authorization-response",
    name: "an authorization response",
    specification: "JARM",
    purpose:
      "the authorization server answers the client's request, signed so that nobody on the way changes it",
    types: [],
    typed: "may",
    signs: [
      { ...sign("iss", "aud", "code"), none: ["scope", "c_hash", "nonce"] },
      { ...sign("iss", "aud", "error"), none: ["scope", "nonce"] },
    ],
    demands: demands("must", "2.1", "payload", "iss", "aud", "exp"),
    exempt: [
      "missing-typ",
      "missing-sub",
      // An access token is among what may be answered.
      ["sensitive-claim", "/payload/access_token"],
      ["secret-value", "/payload/access_token"],
      ["secret-value", "/payload/id_token"],
    ],
  },
  {
    id: "entity-statement",
    name: "an entity statement",
    specification: "OpenID Federation 1.0",
    purpose: "a member of a federation says what it or another member is, and with which keys it signs",
    types: ["entity-statement+jwt"],
    typed: "must",
    signs: [sign("jwks", "authority_hints")],
    demands: [
      ...demands("must", "3.1.1", "header", "kid"),
      ...demands("must", "3.1.1", "payload", "iss", "sub", "iat", "exp"),
      ...demands("must", "3.1.1", "payload", { name: "jwks", form: objectWith("keys") }),
    ],
    exempt: ["missing-aud", "long-lifetime"],
  },
];
