import { claim, demands, equals, matches, OBJECT, objectWith, sign, type TokenKind } from "./kind.ts";

/** What opens a service, and what is said about it. */
export const ACCESS_KINDS: readonly TokenKind[] = [
  {
    id: "access-token",
    name: "an access token",
    specification: "RFC 9068",
    purpose: "a client shows it to the API named in its aud; what it grants stands in scope",
    types: ["at+jwt"],
    typed: "must",
    signs: [
      { says: "its token_use is access", all: [claim("token_use", equals("access"))] },
      { says: "its claim typ is Bearer", all: [claim("typ", equals("Bearer"))] },
      { ...sign("scope"), none: ["response_type", "nonce", "at_hash"] },
      { ...sign("scp"), none: ["nonce", "at_hash"] },
    ],
    demands: demands("must", "2.2", "payload", "iss", "exp", "aud", "sub", "client_id", "iat", "jti"),
    exempt: [],
  },
  {
    id: "refresh-token",
    name: "a refresh token",
    specification: "RFC 6749",
    purpose: "its client trades it for new tokens; only its issuer reads it",
    types: [],
    typed: "may",
    signs: [
      { says: "its claim typ is Refresh", all: [claim("typ", equals("Refresh"))] },
      { says: "its claim typ is Offline", all: [claim("typ", equals("Offline"))] },
    ],
    demands: [],
    // Its issuer keeps it and can take it back: how long it lives is not all that ends it.
    exempt: ["no-exp", "long-lifetime", "missing-typ"],
  },
  {
    id: "introspection-response",
    name: "an introspection response",
    specification: "RFC 9701",
    purpose: "an authorization server answers a service that asked about a token",
    types: ["token-introspection+jwt"],
    typed: "must",
    signs: [sign("token_introspection")],
    demands: [
      ...demands("must", "5", "payload", "iss", "aud", "iat"),
      ...demands("must", "5", "payload", { name: "token_introspection", form: objectWith("active") }),
      ...demands("should not", "5", "payload", "sub", "exp"),
    ],
    exempt: ["no-exp", "missing-sub"],
  },
  {
    id: "kubernetes-service-account",
    name: "a Kubernetes service account token",
    specification: "Kubernetes, Managing Service Accounts",
    purpose: "a pod shows it to the API server, or to a service that trusts the cluster",
    types: [],
    typed: "may",
    signs: [{ says: "it has kubernetes.io", all: [claim("kubernetes.io", OBJECT)] }],
    demands: [
      ...demands("must", "bound service account tokens", "payload", "iss", "aud", "exp", "iat"),
      ...demands("must", "bound service account tokens", "payload", {
        name: "sub",
        form: matches(/^system:serviceaccount:[^:]+:[^:]+$/, '"system:serviceaccount:NAMESPACE:NAME"'),
      }),
    ],
    // The cluster renews it every hour, and lets the old one live a year for clients that do not read it anew.
    exempt: ["missing-typ", "long-lifetime"],
  },
  {
    id: "github-actions",
    name: "a GitHub Actions token",
    specification: "GitHub, OpenID Connect reference",
    purpose: "a workflow shows it to a cloud, which lets it in for what sub and the other claims say",
    types: [],
    typed: "may",
    signs: [sign("job_workflow_ref", "repository")],
    demands: [
      ...demands("must", "OIDC token claims", "payload", "iss", "sub", "aud", "exp", "iat", "nbf", "jti"),
      ...demands("must", "OIDC token claims", "payload", "repository", "job_workflow_ref"),
    ],
    exempt: [],
  },
];
