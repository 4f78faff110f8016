import { claim, demands, type Form, matches, objectWith, sameAs, sign, type TokenKind } from "./kind.ts";

const ASYMMETRIC: Form = {
  says: "an algorithm with a key pair",
  fits: (value) => typeof value === "string" && !/^(?:HS\d+|none)$/i.test(value),
};

/** What a client signs itself. */
export const CLIENT_KINDS: readonly TokenKind[] = [
  {
    id: "dpop-proof",
    name: "a DPoP proof",
    specification: "RFC 9449",
    purpose: "a client proves with one request that it holds the key its access token is bound to",
    types: ["dpop+jwt"],
    typed: "must",
    signs: [sign("htm", "htu")],
    demands: [
      ...demands("must", "4.2", "header", { name: "jwk", form: objectWith("kty") }),
      ...demands("must", "4.2", "header", { name: "alg", form: ASYMMETRIC }),
      ...demands("must", "4.2", "payload", "jti", "htm", "iat"),
      ...demands("must", "4.2", "payload", {
        name: "htu",
        form: matches(/^[^?#]+$/, "an address without query and fragment"),
      }),
    ],
    // It holds for one request only, and brings the key that the access token is bound to.
    exempt: ["no-exp", "missing-iss", "missing-aud", "missing-sub", "missing-kid", "embedded-key"],
  },
  {
    id: "authorization-request",
    name: "an authorization request",
    specification: "RFC 9101",
    purpose: "a client signs what it asks of the authorization server, so that nobody on the way changes it",
    types: ["oauth-authz-req+jwt"],
    typed: "should",
    signs: [sign("response_type", "client_id")],
    demands: [
      ...demands("must", "4", "payload", "client_id", "response_type"),
      ...demands("must not", "4", "payload", "request", "request_uri"),
      ...demands("should", "4", "payload", "iss", "aud"),
      ...demands("should not", "10.8", "payload", "sub"),
    ],
    exempt: [
      "no-exp",
      "missing-iss",
      "missing-aud",
      "missing-sub",
      "missing-typ",
      "id-token-as-access-token",
    ],
  },
  {
    id: "client-assertion",
    name: "a client assertion",
    specification: "RFC 7523",
    purpose: "a client proves to the token endpoint who it is, with a key instead of a password",
    types: ["client-authentication+jwt"],
    typed: "may",
    signs: [
      {
        says: "iss and sub are the same, and it is to be used once (jti)",
        all: [claim("sub", sameAs("iss")), claim("iss"), claim("aud"), claim("exp"), claim("jti")],
        none: ["scope", "client_id", "nonce", "jwks"],
      },
    ],
    demands: [
      ...demands("must", "3", "payload", "iss", "aud", "exp"),
      ...demands("must", "3", "payload", { name: "sub", form: sameAs("iss") }),
      ...demands("should", "3", "payload", "jti"),
    ],
    exempt: ["missing-typ"],
  },
];
