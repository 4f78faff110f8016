import { shellWord } from "../../base/text/wording.ts";
import { stringMember } from "../../jose/token/content.ts";
import { quoted } from "../../jose/verification/check.ts";
import type { ProviderId } from "../providers/provider.ts";
import { recogniseProvider } from "../providers/recognise.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { audiencesIn } from "./names-in-claims.ts";

/** Claims that name the client: OpenID Connect, RFC 9068, Okta, Entra ID. */
const CLIENT_CLAIMS = ["azp", "client_id", "cid", "appid"] as const;

/** Causes of a wrong audience that are not a matter of its spelling. */
export function explainAudienceElsewhere(failure: FailedVerification): readonly Explanation[] {
  if (!checkFailed(failure, "aud", "audience_mismatch")) return [];
  const { claims, header, options } = failure;
  const provider = recogniseProvider(header, claims)?.provider.id;
  const name = CLIENT_CLAIMS.find((claim) => options.audiences.includes(stringMember(claims, claim) ?? ""));
  if (name !== undefined) return [clientNamed(failure, name, provider)];
  const absent = absentIn(failure, provider);
  return absent.length > 0 ? absent : explainDefault(failure, provider);
}

function clientNamed(
  { claims }: FailedVerification,
  name: string,
  provider: ProviderId | undefined,
): Explanation {
  const client = stringMember(claims, name) ?? "";
  const without = claims?.has("aud") ? "" : "; there is no aud";
  const demand = `to demand the client instead, leave --aud out: ${expect(name, client)}`;
  const fix: Partial<Record<ProviderId, string>> = {
    keycloak: `${fixForIssuer(
      "add an audience mapper that names the API (Client scopes, Add mapper, Audience), so that aud has it",
    )}. ${fixForVerifier(demand)}`,
    cognito: fixForVerifier(
      `Cognito's access tokens have no aud: leave --aud out, and demand ${expect(name, client)} --expect token_use=access; its ID tokens have an aud`,
    ),
    "entra-id": `${fixForIssuer("ask for a scope of the API that is to be called, as in api://…/.default")}. ${fixForVerifier(demand)}`,
  };
  return {
    cause: "audience_in_other_claim",
    evidence: `${name} is ${quoted(client)}: the client that the token was issued to, not the API that it is for${without}`,
    fix:
      (provider && fix[provider]) ??
      `${fixForIssuer("ask for a token for the API (audience, resource or scope, as the issuer has it)")}. ${fixForVerifier(demand)}`,
  };
}

function expect(name: string, value: string): string {
  return `--expect ${shellWord(`${name}=${value}`)}`;
}

/** Cognito's access tokens never have an `aud`. */
function absentIn({ claims }: FailedVerification, provider: ProviderId | undefined): readonly Explanation[] {
  if (provider !== "cognito" || claims?.has("aud")) return [];
  const client = stringMember(claims, "client_id");
  const said = client === undefined ? "" : `; client_id is ${quoted(client)}`;
  return [
    {
      cause: "audience_absent",
      evidence: `access tokens of Cognito have no aud: which app client they were issued to stands in client_id${said}`,
      fix: fixForVerifier(
        `leave --aud out, and demand the app client: ${expect("client_id", client ?? "CLIENT")} --expect token_use=access`,
      ),
    },
  ];
}

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Cause: Entra ID names the API by its client ID in tokens of version 2.0, by the URI that was asked for in version 1.0. */
export function explainEntraAudience({
  header,
  claims,
  options,
}: FailedVerification): readonly Explanation[] {
  if (recogniseProvider(header, claims)?.provider.id !== "entra-id") return [];
  const version = stringMember(claims, "ver");
  const isOf = (uri: string, id: string) => GUID.test(id) && /^api:\/\//.test(uri) && uri.endsWith(`/${id}`);
  for (const aud of audiencesIn(claims?.get("aud"))) {
    const wanted = options.audiences.find((text) => (version === "2.0" ? isOf(text, aud) : isOf(aud, text)));
    if (wanted === undefined || (version !== "2.0" && version !== "1.0")) continue;
    const why =
      version === "2.0"
        ? "tokens of version 2.0 (ver) always carry the client ID of the API"
        : "tokens of version 1.0 (ver) carry the API's URI when it was asked for by that";
    return [
      {
        cause: "entra_version",
        evidence: `aud is ${quoted(aud)}, expected is ${quoted(wanted)}, which has the same client ID: ${why}`,
        fix: fixForVerifier(`expect what tokens of this version carry: --aud ${shellWord(aud)}`),
      },
    ];
  }
  return [];
}

interface Default {
  /** Whether this audience is what the provider writes by itself. */
  readonly fits: (aud: string, iss: string) => boolean;
  readonly fix: string;
}

const DEFAULTS: Partial<Record<ProviderId, Default>> = {
  "github-actions": {
    fits: (aud) => /^https:\/\/[^/]+\/[\w.-]+$/.test(aud),
    fix: "in the workflow ask for the audience that the service expects: core.getIDToken('AUDIENCE'), or &audience=AUDIENCE behind the request's address",
  },
  kubernetes: {
    fits: (aud, iss) => aud === iss || /kubernetes\.default|^k3s$|^api$/.test(aud),
    fix: "ask for a token for the service: audience in the projected volume (serviceAccountToken), or kubectl create token NAME --audience AUDIENCE",
  },
  auth0: {
    fits: (aud, iss) => aud === `${iss}userinfo`,
    fix: "add audience=API-IDENTIFIER to the request: without it Auth0 makes a token for its own userinfo",
  },
  "entra-id": {
    fits: (aud) =>
      /^(?:00000003-0000-0000-c000-000000000000|00000002-0000-0000-c000-000000000000|https:\/\/(?:graph|management)\.(?:microsoft|azure)\.com\/?)$/.test(
        aud,
      ),
    fix: "ask for a scope of your own API (api://…/.default): this token is for an API of Microsoft",
  },
  okta: {
    fits: (aud, iss) => aud === iss || aud === "api://default",
    fix: "set the audience of the authorization server (Security, API, Authorization Servers) to what the API expects",
  },
};

function explainDefault(
  { claims }: FailedVerification,
  provider: ProviderId | undefined,
): readonly Explanation[] {
  const known = provider && DEFAULTS[provider];
  const iss = stringMember(claims, "iss") ?? "";
  const aud = audiencesIn(claims?.get("aud")).find((named) => known?.fits(named, iss));
  if (known === undefined || aud === undefined) return [];
  return [
    {
      cause: "audience_default",
      evidence: `aud is ${quoted(aud)}: what the issuer writes when it is asked for no other audience`,
      fix: fixForIssuer(known.fix),
    },
  ];
}
