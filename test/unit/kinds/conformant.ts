import type { KindId } from "../../../src/core/analysis/kinds/kind.ts";
import { SECONDS } from "../lint/examples.ts";

interface Example {
  readonly header?: object;
  readonly claims: Record<string, unknown>;
}

const ISSUER = "https://auth.example.com";
const LIFE = { iat: SECONDS - 60, exp: SECONDS + 540 };
const KEY = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
const LOGOUT = { "http://schemas.openid.net/event/backchannel-logout": {} };
const JARM = { iss: ISSUER, aud: "shop", exp: LIFE.exp };

/** One token of each kind that its specification allows, with what it asks for and little more. */
export const CONFORMANT: Readonly<Record<KindId, Example>> = {
  "access-token": {
    header: { typ: "at+jwt" },
    claims: { iss: ISSUER, sub: "u1", aud: "https://api.example.com", client_id: "shop", jti: "1", ...LIFE },
  },
  "refresh-token": { claims: { iss: ISSUER, sub: "u1", aud: ISSUER, typ: "Refresh", azp: "shop", jti: "1" } },
  "introspection-response": {
    header: { typ: "token-introspection+jwt" },
    claims: {
      ...{ iss: ISSUER, aud: "https://api.example.com", iat: LIFE.iat },
      token_introspection: { active: true, scope: "read", sub: "u1", exp: LIFE.exp },
    },
  },
  "id-token": { claims: { iss: ISSUER, sub: "u1", aud: "shop", nonce: "n-0S6_WzA2Mj", ...LIFE } },
  "logout-token": {
    header: { typ: "logout+jwt" },
    claims: { iss: ISSUER, aud: "shop", sid: "s1", jti: "1", events: LOGOUT, ...LIFE },
  },
  "security-event": {
    header: { typ: "secevent+jwt" },
    claims: { iss: ISSUER, aud: "shop", iat: LIFE.iat, jti: "1", events: { "https://e.example/x": {} } },
  },
  "authorization-response": { claims: { ...JARM, code: "PyyFaux2o7Q0YfXBU32jhw", state: "S8NJ7uqk5fY4E" } },
  "entity-statement": {
    header: { typ: "entity-statement+jwt" },
    claims: {
      ...{ iss: ISSUER, sub: ISSUER, iat: LIFE.iat, exp: SECONDS + 30 * 86_400 },
      ...{ jwks: { keys: [{ ...KEY, kid: "k1" }] }, authority_hints: ["https://edu.example"] },
    },
  },
  "dpop-proof": {
    header: { typ: "dpop+jwt", jwk: KEY, kid: undefined },
    claims: { jti: "1", htm: "GET", htu: "https://api.example.com/things", iat: LIFE.iat },
  },
  "client-assertion": {
    claims: { iss: "shop", sub: "shop", aud: "https://auth.example.com/token", jti: "1", ...LIFE },
  },
  "authorization-request": {
    header: { typ: "oauth-authz-req+jwt" },
    claims: {
      ...{ iss: "shop", aud: ISSUER, client_id: "shop", response_type: "code", scope: "openid" },
      ...{ redirect_uri: "https://shop.example/cb", state: "S8NJ7uqk5fY4E", nonce: "n-0S6_WzA2Mj" },
    },
  },
  "sd-jwt-vc": {
    header: { typ: "dc+sd-jwt" },
    claims: {
      ...{ iss: ISSUER, vct: "https://credentials.example/identity", exp: SECONDS + 700 * 86_400 },
      cnf: { jwk: KEY },
    },
  },
  "key-binding": {
    header: { typ: "kb+jwt", kid: undefined },
    claims: { iat: LIFE.iat, aud: "https://verifier.example", nonce: "1234567890", sd_hash: "0_Af-2B-EhLW" },
  },
  "status-list": {
    header: { typ: "statuslist+jwt" },
    claims: {
      ...{ sub: "https://auth.example.com/statuslists/1", iat: LIFE.iat, exp: SECONDS + 7 * 86_400 },
      ...{ ttl: 43_200, status_list: { bits: 1, lst: "eNrbuRgAAhcBXQ" } },
    },
  },
  "kubernetes-service-account": {
    claims: {
      ...{ iss: "https://kubernetes.default.svc.cluster.local", aud: ["https://kubernetes.default.svc"] },
      ...{
        sub: "system:serviceaccount:shop:cart",
        iat: LIFE.iat,
        nbf: LIFE.iat,
        exp: SECONDS + 365 * 86_400,
      },
      "kubernetes.io": { namespace: "shop", serviceaccount: { name: "cart", uid: "1" } },
    },
  },
  "github-actions": {
    header: { typ: "JWT", x5t: "HyqKDVJ4ot4N3wWv6kZVnT1uDiM" },
    claims: {
      ...{ iss: "https://token.actions.githubusercontent.com", aud: "https://github.com/octo-org", jti: "1" },
      ...{ sub: "repo:octo-org/octo-repo:ref:refs/heads/main", nbf: LIFE.iat, ...LIFE },
      ...{ repository: "octo-org/octo-repo", repository_owner: "octo-org" },
      job_workflow_ref: "octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main",
    },
  },
};

/** Nothing of an ordinary token: what `made` puts in is taken out, unless the example says it. */
export function conformant(
  id: KindId,
  change: { header?: object; claims?: object } = {},
): { header: object; claims: object } {
  const { header, claims } = CONFORMANT[id];
  const none = { iss: undefined, sub: undefined, aud: undefined, client_id: undefined, scope: undefined };
  return {
    header: { typ: undefined, ...header, ...change.header },
    claims: { ...none, iat: undefined, exp: undefined, jti: undefined, ...claims, ...change.claims },
  };
}
