import { KIND_IDS } from "../../core/analysis/kinds/kind.ts";
import { parseDuration } from "../../core/base/time/duration.ts";
import type { DeclaredOptions } from "../declare.ts";

const ID_TOKEN = { as: ["id-token"] };
export const DPOP = { as: ["dpop", "dpop-proof"] };

/** What is asked of a token of one kind. Which options a kind needs and takes is said here, and checked for all verbs. */
export const KIND_OPTIONS = {
  as: {
    value: "kind",
    choices: ["dpop", ...KIND_IDS],
    help: "it must be a token of this kind, and have what its specification demands",
  },
  clientId: {
    value: "client",
    help: "the client that the token is for, or of",
    onlyWith: { as: ["id-token", "logout-token", "client-assertion"] },
    neededWith: { as: ["id-token", "client-assertion"] },
  },
  nonce: {
    value: "nonce",
    help: "the nonce that was sent",
    onlyWith: { as: [...ID_TOKEN.as, ...DPOP.as] },
  },
  accessToken: {
    value: "source",
    takesContent: true,
    help: "the access token that came with it: @file, env:NAME, - or the text",
    onlyWith: { as: [...ID_TOKEN.as, ...DPOP.as] },
  },
  code: {
    value: "source",
    takesContent: true,
    help: "the authorization code that came with it: @file, env:NAME, - or the text",
    onlyWith: ID_TOKEN,
  },
  maxAge: {
    value: "duration",
    help: "how long ago the login, or the making of the proof, may be",
    parse: parseDuration,
    onlyWith: { as: [...ID_TOKEN.as, ...DPOP.as] },
  },
  method: { value: "method", help: "the method of the request", onlyWith: DPOP, neededWith: DPOP },
  url: { value: "url", help: "the address of the request", onlyWith: DPOP, neededWith: DPOP },
} as const satisfies DeclaredOptions;
