import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import { discoveryUrls } from "../../../src/core/remote/issuer-document.ts";
import { isLoopbackHost, looksLikeUrl, requireFetchable } from "../../../src/core/remote/remote-url.ts";

const refusal = (text: string): AppError => {
  try {
    requireFetchable(text, "--jwks");
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error(`${text} was not refused`);
};

describe("what is an address", () => {
  it.each(["https://a.example", "HTTP://localhost", " https://a.example ", "file:///etc/passwd", "ftp://a"])(
    "%j is",
    (text) => expect(looksLikeUrl(text)).toBe(true),
  );
  it.each(["jwks.json", "C:\\keys\\jwks.json", "C:/keys", "@jwks.json", "./https:", "-", '{"keys":[]}'])(
    "%j is none",
    (text) => expect(looksLikeUrl(text)).toBe(false),
  );
});

describe("which addresses are fetched", () => {
  it.each([
    ["https://auth.example.com/jwks", "https://auth.example.com/jwks"],
    ["https://10.0.0.1:8443/jwks?v=1#x", "https://10.0.0.1:8443/jwks?v=1"],
    ["http://localhost:8080/jwks", "http://localhost:8080/jwks"],
    ["http://LOCALHOST/", "http://localhost/"],
    ["http://127.0.0.1/", "http://127.0.0.1/"],
    ["http://127.1.2.3/", "http://127.1.2.3/"],
    ["http://0x7f.1/", "http://127.0.0.1/"],
    ["http://[::1]:3000/", "http://[::1]:3000/"],
  ])("%s", (text, href) => expect(requireFetchable(text, "--jwks").href).toBe(href));

  it.each([
    "http://auth.example.com/jwks",
    "http://localhost.example.com/",
    "http://foo.localhost/",
    "http://localhost./",
    "http://127.0.0.1.nip.io/",
    "http://0.0.0.0/",
    "http://192.168.1.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::2]/",
    "http://128.0.0.1/",
  ])("not %s: only this machine by its own name is asked over http", (text) => {
    expect(refusal(text).code).toBe("url_refused");
  });

  it.each(["ftp://a.example/", "file:///etc/passwd", "data:application/json,{}", "https://", "nonsense", ""])(
    "not %j",
    (text) => expect(refusal(text).code).toBe("url_refused"),
  );

  it("not one with a password, which appears in no message", () => {
    for (const url of [
      "https://me:hunter2@a.example/",
      "https://hunter2@a.example/",
      "http://:hunter2@localhost/",
    ]) {
      const error = refusal(url);
      expect(error.code).toBe("url_refused");
      expect(JSON.stringify([error.message, error.hints, error.data])).not.toContain("hunter2");
    }
  });

  it("tells hosts of this machine by their text alone", () => {
    expect(isLoopbackHost("localhost")).toBe(true);
    expect(isLoopbackHost("localhost.localdomain")).toBe(false);
  });
});

describe("what to do about an address that is not fetched", () => {
  const hintsOf = (text: string, what: string) => {
    try {
      requireFetchable(text, what);
    } catch (error) {
      return (error as AppError).hints;
    }
    throw new Error("it was not refused");
  };

  it.each([
    [
      "http://keycloak:8080/keys",
      "--jwks",
      ["curl -s http://keycloak:8080/keys | jwtctl verify TOKEN --key -"],
    ],
    [
      "http://keys.example/jwks",
      "--jwks",
      ["Give https://keys.example/jwks", "curl -s http://keys.example/jwks |"],
    ],
    ["http://keycloak:8080/realms/demo", "--issuer-url", ["--key - --iss http://keycloak:8080/realms/demo"]],
  ])("%s for %s", (url, what, expected) => {
    const hints = hintsOf(url, what);
    expect(hints).toHaveLength(expected.length);
    for (const [index, hint] of expected.entries()) expect(hints[index]).toContain(hint);
  });

  it("Entra ID's keys behind a query have an address of their own", () => {
    const url = new URL("https://login.microsoftonline.com/t/v2.0?appid=a-1");
    expect(() => discoveryUrls(url)).toThrow(AppError);
    try {
      discoveryUrls(url);
    } catch (error) {
      expect((error as AppError).hints[1]).toContain(
        "--jwks 'https://login.microsoftonline.com/t/discovery/v2.0/keys?appid=a-1' --iss https://login.microsoftonline.com/t/v2.0",
      );
    }
  });
});
