import { describe, expect, it } from "vitest";
import { refusal, told } from "./refusal.ts";

describe("a word that stands where a token should be is named", () => {
  it.each([
    [
      "undefined",
      /the word "undefined", JavaScript's word for a variable that was never set: a program put it/,
    ],
    ["null", /the word "null", the word for no value/],
    ["NULL", /no value/],
    ["None", /Python's word for no value/],
    ["nil", /Go, Ruby, Lua or Swift/],
    ["<nil>", /Go, Ruby, Lua or Swift/],
    ["%!s(<nil>)", /Go, Ruby, Lua or Swift/],
    ["%!s(MISSING)", /missing argument of a format/],
    ["<no value>", /Go's templates, and those of Helm and Docker/],
    ["<Buffer 65 79 4a>", /bytes as Node prints them.*\nMake a text of them first: buffer\.toString\(\)/],
    ["(null)", /the text "\(null\)", the word for no value/],
    ["NaN", /calculation without a result/],
    ["true", /answer of a test/],
    ["False", /answer of a test/],
    ["Optional.empty", /a word for no value/],
    ["null.null.null", /in place of each part of a token/],
    ["undefined.undefined", /in place of each part of a token/],
    ["Optional(nil)", /a word for no value/],
    ["Some(None)", /a word for no value/],
    ["()", /a word for no value/],
    ["kotlin.Unit", /a word for no value/],
    ["%!v(PANIC=nil)", /a missing argument of a format/],
    ["-Infinity", /calculation without a result/],
    ["0", /the text "0", a number.*\nLook where the token is read: perhaps its place in a list/],
    ["-1", /a number/],
    ["0x7ffe", /a number/],
    ["1e21", /a number/],
    ["{}", /an object that was made a text/],
    ["[B@1b6d3586", /an object that was made a text/],
    ["<class 'str'>", /an object that was made a text/],
    ["%Token{}", /an object that was made a text/],
    ["Symbol(token)", /an object that was made a text/],
    ["<Promise>", /a promise/],
    ["Closure: () => String", /a function that was not called/],
    ["401", /the message of an error in place of a token/],
    ["401 Unauthorized", /the message of an error in place of a token/],
    ["jwt malformed", /the message of an error in place of a token/],
    ["Invalid token", /the message of an error in place of a token/],
    ["invalid_grant", /the message of an error in place of a token/],
    ["error: no such file", /the message of an error in place of a token/],
    ["####", /masked/],
    ["[object Object]", /an object that was made a text/],
    ["[object Promise]", /a promise.*\nAwait it/],
    ["Promise { <pending> }", /a promise/],
    ["<coroutine object get_token at 0x7f1c2a3b4c5d>", /a promise/],
    ["System.Threading.Tasks.Task`1[System.String]", /a promise/],
    ["Instance of 'Future<String>'", /a promise/],
    ["function getToken() { return 1 }", /a function that was not called/],
    ["async () => token", /a function that was not called/],
    ["<bound method Client.token of <Client>>", /a function that was not called/],
    ["[Function: getToken]", /a function that was not called/],
    ["<__main__.Token object at 0x7f1c2a3b4c5d>", /an object that was made a text/],
    ["com.example.Token@1b6d3586", /an object that was made a text/],
    ["[Ljava.lang.String;@1b6d3586", /an object that was made a text/],
    ["System.String[]", /an object that was made a text/],
    ["Array", /an object that was made a text/],
    ["***", /masked/],
    ["•••••••••", /masked/],
    ["[REDACTED]", /masked/],
    ["[FILTERED]", /masked/],
    ["(sensitive value)", /masked/],
    ["eyJhbGciOi***************", /most was masked/],
    ["YOUR_TOKEN_HERE", /example's word/],
    ["<your access token>", /example's word/],
    ["your-jwt-token", /example's word/],
    ["paste your token here", /example's word/],
    ["string", /example's word for a value/],
    ["changeme", /example's word/],
    ["ACCESS_TOKEN", /the name of a token, not its value/],
    ["xxxxx.yyyyy.zzzzz", /an example of how a JWT looks/],
    ["header.payload.signature", /an example of how a JWT looks/],
  ])("%s", (word, says) => {
    for (const text of [word, `Bearer ${word}`, `Authorization: Bearer ${word}`, ` "${word}"\n`]) {
      const { code } = refusal(text);
      expect([code, told(text)], text).toEqual(["token_malformed", expect.stringMatching(says)]);
    }
  });

  it.each([
    "Bearer",
    "Bearer ",
    "Authorization: Bearer",
    "Authorization: Bearer \r\n",
    "DPoP",
    "authorization=bearer",
  ])("a scheme alone: %j", (text) => {
    expect(told(text)).toMatch(/the scheme \w+ with no token behind it: the variable .* is empty/);
  });

  it.each([
    ['{"access_token":null,"expires_in":0}', /the value of access_token is the word "null"/],
    ['{"id_token": "undefined"}', /the value of id_token is the word "undefined"/],
    ["session=undefined; Path=/", /the value of session is the word "undefined"/],
    ["https://api.example/x?access_token=null&a=1", /the value of access_token is the word "null"/],
    [
      "> GET / HTTP/1.1\n> Host: api.example\n> Authorization: Bearer undefined\n",
      /the value of Authorization is the word "undefined"/,
    ],
    [
      "curl -H 'Authorization: Bearer' https://api.example",
      /the value of Authorization is the scheme Bearer with no token/,
    ],
    ["DB=x\nACCESS_TOKEN=\nPORT=1\n", /the value of ACCESS_TOKEN is empty/],
  ])("in its place: %s", (text, says) => {
    expect(told(text)).toMatch(says);
  });

  it("names what Python writes for bytes", () => {
    expect(told("Bearer b'None'")).toMatch(/a word for no value/);
  });

  it("says where to look", () => {
    expect(refusal("undefined").hints.join()).toContain("before the login has ended");
    expect(refusal("[object Object]").hints.join()).toContain("response.access_token");
  });
});
