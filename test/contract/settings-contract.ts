import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/core/authority/settings.ts";
import { MINUTE, START, sampleKey, sampleStore } from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeSettings(make: MakeStore): void {
  describe("settings", () => {
    test("are those it was initialised with", async () => {
      const store = await make();
      const settings = { ...DEFAULT_SETTINGS, issuer: "https://issuer.example", reuse_window: 0 };
      expect(await store.initialise(sampleStore({ settings }), START)).toBe("initialised");
      expect(await store.readSettings()).toEqual(settings);
    });

    test("survive a second initialisation untouched, keys included", async () => {
      const store = await make();
      await store.initialise(sampleStore(), START);
      const second = sampleStore({
        settings: { ...DEFAULT_SETTINGS, issuer: "https://other.example" },
        encryption: "passphrase",
        active: sampleKey("third"),
        standby: sampleKey("fourth"),
      });
      expect(await store.initialise(second, START + MINUTE)).toBe("already_initialised");
      expect(await store.readSettings()).toEqual(DEFAULT_SETTINGS);
      expect(await store.readEncryption()).toBe("none");
      expect((await store.listKeys(START)).map(({ kid }) => kid)).toEqual(["second", "first"]);
    });

    test("of many initialisations at once one wins", async () => {
      const store = await make();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.initialise(
            sampleStore({ active: sampleKey(`active-${index}`), standby: sampleKey(`standby-${index}`) }),
            START,
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === "initialised")).toHaveLength(1);
      expect(await store.listKeys(START)).toHaveLength(2);
    });

    test("change one by one and leave the others", async () => {
      const store = await make();
      await store.initialise(sampleStore(), START);
      await store.writeSettings({ access_ttl: 60, algorithm: "RS256" }, START + MINUTE);
      await store.writeSettings({}, START + MINUTE);
      expect(await store.readSettings()).toEqual({ ...DEFAULT_SETTINGS, access_ttl: 60, algorithm: "RS256" });
    });

    test.each(["passphrase", "none"] as const)(
      "remember the encryption decided at the start: %s",
      async (encryption) => {
        const store = await make();
        await store.initialise(sampleStore({ encryption }), START);
        expect(await store.readEncryption()).toBe(encryption);
      },
    );

    test("of a store that was not initialised are not to be had", async () => {
      const store = await make();
      await expect(store.readSettings()).rejects.toMatchObject({ code: "store_not_found" });
      await expect(store.readEncryption()).rejects.toMatchObject({ code: "store_not_found" });
      await expect(store.writeSettings({ access_ttl: 60 }, START)).rejects.toMatchObject({
        code: "store_not_found",
      });
    });

    test("are not set by an initialisation that was refused", async () => {
      const store = await make();
      const useless = sampleStore({ standby: sampleKey("second", { privateMaterial: null }) });
      await expect(store.initialise(useless, START)).rejects.toMatchObject({ code: "key_unusable" });
      await expect(store.readSettings()).rejects.toMatchObject({ code: "store_not_found" });
      expect(await store.listKeys(START)).toEqual([]);
    });
  });
}
