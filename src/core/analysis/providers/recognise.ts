import type { JsonObject } from "../../base/json/value.ts";
import { JsonObject as Members } from "../../base/json/value.ts";
import { stringMember } from "../../jose/token/content.ts";
import { hasSign } from "../kinds/token-kinds.ts";
import { type Description, rows } from "../registry/description.ts";
import { DIRECTORY_PROVIDERS } from "./directory-providers.ts";
import { LOGIN_PROVIDERS } from "./login-providers.ts";
import type { Provider, ProviderId, ProviderToken } from "./provider.ts";

/** Every provider that jwtctl knows, in the order in which they are looked for. */
export const PROVIDERS: readonly Provider[] = [...LOGIN_PROVIDERS, ...DIRECTORY_PROVIDERS];

export interface RecognisedProvider {
  readonly provider: Provider;
  /** Its `iss`, or what stands in its place. */
  readonly issuer: string;
  /** The second sign, as in "it has tid". */
  readonly sign: string;
  /** Which of its tokens it is; undefined when nothing shows that. */
  readonly token: ProviderToken | undefined;
}

/**
 * Whose token this says it is: by `iss` and a second sign. Nothing of it is proven: anybody can write these claims.
 *
 * @param claims undefined when there are none, or they are encrypted
 */
export function recogniseProvider(
  header: JsonObject | undefined,
  claims: JsonObject | undefined,
): RecognisedProvider | undefined {
  const said = claims ?? new Members();
  for (const provider of PROVIDERS) {
    const issuer = issuerOf(provider, header, said);
    if (issuer === undefined || !provider.issuer.test(issuer)) continue;
    const found = provider.signs.find((sign) => hasSign(sign, header, said));
    if (found === undefined) continue;
    const token = provider.tokens.find(({ all, none }) =>
      hasSign({ says: "", all, ...(none === undefined ? {} : { none }) }, header, said),
    );
    return { provider, issuer, sign: found.says, token };
  }
  return undefined;
}

/** The second sign of a provider in a token whose `iss` may be another, as in "it has gty"; undefined without one. */
export function signOfProvider(
  id: ProviderId,
  header: JsonObject | undefined,
  claims: JsonObject | undefined,
): string | undefined {
  const signs = PROVIDERS.find((provider) => provider.id === id)?.signs ?? [];
  return signs.find((sign) => hasSign(sign, header, claims ?? new Members()))?.says;
}

function issuerOf(
  { issuerMember }: Provider,
  header: JsonObject | undefined,
  claims: JsonObject,
): string | undefined {
  if (issuerMember !== undefined) return stringMember(header, issuerMember);
  // An encrypted token can repeat its issuer in the header (RFC 7519 section 5.3).
  return stringMember(claims, "iss") ?? stringMember(header, "iss");
}

/** What a claim means in the tokens of a provider; undefined where it means what it means everywhere. */
export function providerClaim(id: ProviderId, name: string): Description | undefined {
  const provider = PROVIDERS.find((candidate) => candidate.id === id);
  if (provider === undefined) return undefined;
  return rows(`as ${provider.name} writes it`, provider.claims).find(([claim]) => claim === name)?.[1];
}
