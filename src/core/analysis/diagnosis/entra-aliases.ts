import { stringMember } from "../../jose/token/content.ts";
import { quoted } from "../../jose/verification/check.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { expecting } from "./issuer-alias.ts";

const ENTRA =
  /^https:\/\/(sts\.windows\.net|login\.microsoftonline\.(?:com|us))\/([\w.{}%-]+)\/?(v2\.0)?\/?$/i;
const PLACEHOLDER = /^(?:\{|%7B)[\w.-]*(?:\}|%7D)$/i;
const EVERY_TENANT: ReadonlySet<string> = new Set(["common", "organizations", "consumers"]);

/** Entra ID names a tenant as issuer in one way in tokens of version 1.0, and in another in version 2.0. */
export function entraVersions(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [ENTRA.exec(iss), ENTRA.exec(wanted)];
  if (said === null || expected === null) return undefined;
  const [tenant = "", other = ""] = [said[2], expected[2]];
  const [version, wantedVersion] = [said[3] ? "2.0" : "1.0", expected[3] ? "2.0" : "1.0"];
  if (PLACEHOLDER.test(other)) {
    return {
      cause: "issuer_other_path",
      evidence: `${quoted(other)} is a placeholder: the metadata for every tenant of Entra ID name their issuer so, and nobody put a tenant in its place; the token names its own, ${tenant}`,
      fix: fixForVerifier(`put the tenant that you mean in its place: ${expecting(iss)}`),
    };
  }
  if (EVERY_TENANT.has(other)) {
    return {
      cause: "issuer_other_path",
      evidence: `${quoted(other)} stands for every tenant of Entra ID, and a token names its own: ${tenant}`,
      fix: fixForVerifier(`expect the tenants that you mean, one by one: ${expecting(iss)}`),
    };
  }
  if (tenant !== other) {
    return {
      cause: "issuer_other_path",
      evidence: `both are Entra ID, but other tenants: the token is of ${tenant}, expected is ${other}`,
      fix: fixForVerifier(
        "use a token of the tenant that is expected; if you mean the other one, expect that",
      ),
    };
  }
  const upgrade = fixForIssuer(
    "set requestedAccessTokenVersion (accessTokenAcceptedVersion) to 2 in the manifest of the API's app registration",
  );
  const expectIt = fixForVerifier(`expect the issuer of version ${version}: ${expecting(iss)}`);
  return {
    cause: "entra_version",
    evidence: `both are Entra ID, tenant ${tenant}: the token is of version ${version}, expected is the issuer of version ${wantedVersion}`,
    fix: version === "1.0" ? `${upgrade}. ${expectIt}` : expectIt,
  };
}

const EXTERNAL = /^https:\/\/[\w-]+\.(b2clogin|ciamlogin)\.com\/(?:tfp\/)?([\w.-]+)\/.+$/;

/** Azure AD B2C and Entra External ID issue under a host of their own; B2C with keys for each policy. */
export function entraExternal(
  iss: string,
  wanted: string,
  { claims }: FailedVerification,
): Explanation | undefined {
  const [, product, tenant = ""] = EXTERNAL.exec(iss) ?? [];
  if (product === undefined || !ENTRA.test(wanted)) return undefined;
  const name = ["tfp", "acr"].find((claim) => stringMember(claims, claim) !== undefined);
  const policy = name === undefined ? undefined : stringMember(claims, name);
  const isB2c = product === "b2clogin";
  const sign = isB2c && policy !== undefined ? `, and ${name} names its policy ${quoted(policy)}` : "";
  const metadata = `${new URL(iss).origin}/${tenant}/${encodeURIComponent(policy ?? "POLICY")}/v2.0/.well-known/openid-configuration`;
  return {
    cause: "entra_external",
    evidence: `its iss is on ${new URL(iss).host}, a host of ${isB2c ? "Azure AD B2C" : "Entra External ID"}${sign}: it is signed with other keys than Entra ID's`,
    fix: fixForVerifier(
      isB2c
        ? `take issuer and keys (jwks_uri) from the policy's own metadata, ${metadata}, and expect ${expecting(iss)}`
        : `expect the tenant's own issuer, with the keys that its metadata name: ${expecting(iss)}`,
    ),
  };
}
