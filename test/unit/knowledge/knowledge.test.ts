import { describe, expect, it } from "vitest";
import { claimDescription, KNOWN_CLAIMS } from "../../../src/core/analysis/registry/claims.ts";
import { parameterDescription } from "../../../src/core/analysis/registry/parameters.ts";
import { DATE_CLAIMS, dateWords, isNumericDateClaim } from "../../../src/core/jose/token/times.ts";

/** The IANA registry "JSON Web Token Claims", without those of single telephone network functions. */
const REGISTERED = [
  "iss sub aud exp nbf iat jti name given_name family_name middle_name nickname preferred_username profile picture",
  "website email email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at",
  "azp nonce auth_time at_hash c_hash acr amr sub_jwk cnf sip_from_tag sip_date sip_callid sip_cseq_num sip_via_branch",
  "orig dest mky events toe txn rph sid vot vtm attest origid act scope client_id may_act jcard div opt vc vp sph",
  "ace_profile cnonce exi roles groups entitlements token_introspection eat_nonce ueid sueids oemid hwmodel hwversion",
  "oemboot dbgstat location eat_profile submods uptime bootcount bootseed dloas swname swversion manifests measurements",
  "measres intuse cdniv cdnicrit cdniip cdniuc cdniets cdnistt cdnistd sig_val_claims authorization_details",
  "verified_claims place_of_birth nationalities birth_family_name birth_given_name birth_middle_name salutation title",
  "msisdn also_known_as htm htu ath sub_id rcd rcdi crn msgi _claim_names _claim_sources rdap_allowed_purposes",
  "rdap_dnt_allowed _sd ... _sd_alg sd_hash vct status status_list ttl",
].flatMap((line) => line.split(" "));

/** The IANA registry "JSON Web Signature and Encryption Header Parameters". */
const PARAMETERS = [
  "alg jku jwk kid x5u x5c x5t x5t#S256 typ cty crit enc zip epk apu apv iv tag p2s p2c iss sub aud b64 ppt url nonce svt",
].flatMap((line) => line.split(" "));

const SENTENCE = /^\S.*[^.\s]$/;

describe("what is known about claims and header parameters", () => {
  it("has one plain sentence for every registered claim", () => {
    expect(REGISTERED.filter((name) => !SENTENCE.test(claimDescription(name)?.meaning ?? ""))).toEqual([]);
  });

  it("has one plain sentence for every registered header parameter", () => {
    expect(PARAMETERS.filter((name) => !SENTENCE.test(parameterDescription(name)?.meaning ?? ""))).toEqual(
      [],
    );
  });

  it("names the specification of everything that is known", () => {
    for (const name of KNOWN_CLAIMS) expect(claimDescription(name)?.reference, name).toMatch(/\S/);
  });

  it("knows and has words for every date claim, so that none is shown without its passing", () => {
    for (const name of DATE_CLAIMS) {
      expect(claimDescription(name), name).toBeDefined();
      expect(dateWords(name), name).toBeDefined();
    }
  });

  it("takes no name of Object.prototype for a claim", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(claimDescription(name)).toBeUndefined();
      expect(parameterDescription(name)).toBeUndefined();
      expect(isNumericDateClaim(name)).toBe(false);
    }
  });

  it("explains claims that are replicated in a header (RFC 7519 section 5.3)", () => {
    expect(parameterDescription("iss")).toBe(claimDescription("iss"));
  });
});
