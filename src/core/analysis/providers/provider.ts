import type { Sign } from "../kinds/kind.ts";

/** The ids of the providers. Part of the public interface (docs/providers.md). */
export const PROVIDER_IDS = [
  "entra-id",
  "entra-external-id",
  "ad-fs",
  "google",
  "firebase",
  "auth0",
  "okta",
  "cognito",
  "aws-alb",
  "keycloak",
  "github-actions",
  "gitlab-ci",
  "kubernetes",
  "apple",
  "supabase",
  "zitadel",
] as const;

export type ProviderId = (typeof PROVIDER_IDS)[number];

/** One sort of token of a provider. */
export interface ProviderToken extends Pick<Sign, "all" | "none"> {
  /** With its article, as in "an access token (version 2.0)". */
  readonly name: string;
  /** What is peculiar about it: a clause without a full stop. */
  readonly remark?: string;
}

/** Who issues tokens, and how theirs look. Plain knowledge: nothing of it is an address that is ever called. */
export interface Provider {
  readonly id: ProviderId;
  readonly name: string;
  /** How its `iss` looks. */
  readonly issuer: RegExp;
  /** The same for people, as in `https://HOST/realms/REALM`. */
  readonly issuerSays: string;
  /** The member of the header that names it, where that is not `iss`. */
  readonly issuerMember?: string;
  /** The second sign: one of these must be there, too, for an `iss` alone is easily imitated or like another's. */
  readonly signs: readonly Sign[];
  /** Its sorts of tokens; the first whose members are there counts. */
  readonly tokens: readonly ProviderToken[];
  /** What its claims mean, where that is more than the registry says. */
  readonly claims: readonly (readonly [name: string, label: string, meaning: string])[];
}
