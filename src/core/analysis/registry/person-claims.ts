import { rows } from "./description.ts";

/** Claims about a person. */
export const PERSON_CLAIMS = [
  ...rows("OpenID Connect Core, section 5.1", [
    ["name", "full name", "the user's full name"],
    ["given_name", "given name", "the user's first name"],
    ["family_name", "family name", "the user's last name"],
    ["middle_name", "middle name", "the user's middle name"],
    ["nickname", "nickname", "the user's casual name"],
    [
      "preferred_username",
      "user name",
      "the name the user wants to be called by; it may change and need not be unique",
    ],
    ["profile", "profile page", "the address of the user's profile page"],
    ["picture", "picture", "the address of the user's picture"],
    ["website", "website", "the user's web page"],
    ["email", "e-mail", "the user's e-mail address"],
    ["email_verified", "e-mail verified", "whether the issuer made sure that the address is the user's"],
    ["gender", "gender", "the user's gender"],
    ["birthdate", "birth date", "the user's day of birth"],
    ["zoneinfo", "time zone", "the user's time zone"],
    ["locale", "locale", "the user's language and region"],
    ["phone_number", "phone number", "the user's phone number"],
    ["phone_number_verified", "phone verified", "whether the issuer made sure that the number is the user's"],
    ["address", "address", "the user's postal address"],
    ["updated_at", "updated at", "when what is said about the user last changed"],
  ]),
  ...rows("OpenID Connect for Identity Assurance", [
    ["verified_claims", "verified claims", "what was checked about the user, and how"],
    ["place_of_birth", "place of birth", "where the user was born"],
    ["nationalities", "nationalities", "the user's nationalities"],
    ["birth_family_name", "family name at birth", "the user's last name at birth"],
    ["birth_given_name", "given name at birth", "the user's first name at birth"],
    ["birth_middle_name", "middle name at birth", "the user's middle name at birth"],
    ["salutation", "salutation", "how the user is addressed, as in Mr"],
    ["title", "title", "the user's title, as in Dr"],
    ["msisdn", "mobile number", "the user's mobile phone number"],
    ["also_known_as", "also known as", "a stage name, religious name or other alias of the user"],
  ]),
  ...rows("RFC 9560", [
    ["rdap_allowed_purposes", "RDAP purposes", "for which purposes the user may look up registration data"],
    ["rdap_dnt_allowed", "RDAP no tracking", "whether the user may ask that queries are not logged"],
  ]),
];
