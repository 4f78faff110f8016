import type { StoreExaminer } from "../core/analysis/doctor/ports.ts";
import type { Sha256 } from "../core/authority/audit/chain.ts";
import type { Actor } from "../core/authority/audit/entry.ts";
import type { StoreBackups } from "../core/authority/ports/backups.ts";
import type { KeyVault, PasswordHasher, RefreshSecrets } from "../core/authority/ports/crypto.ts";
import type { Store } from "../core/authority/ports/store.ts";
import { AppError } from "../core/base/errors.ts";
import type { TimeContext } from "../core/base/time/instant.ts";
import type { Jws, KeyTools, SignatureVerifier } from "../core/jose/ports/crypto.ts";
import type { SignatureProbe } from "../core/jose/ports/signature-probe.ts";
import type { TextDigest } from "../core/jose/token/disclosures.ts";
import type { DocumentCache, Network } from "../core/remote/ports.ts";
import type { Files, Runtime } from "../runtime/runtime.ts";
import { Conversation } from "./conversation.ts";
import type { GlobalOptions } from "./global-options.ts";

/**
 * The composition root: what a verb works with, each part made when it is first asked for. The only place that knows
 * the adapters in crypto/ and storage/.
 */
export class Context extends Conversation {
  /** What is being done, as in `users add`. */
  readonly command: string;
  private opened: { readonly store: Store; readonly path: string } | undefined;

  constructor(runtime: Runtime, globals: GlobalOptions, command: string) {
    super(runtime, globals);
    this.command = command;
  }

  now(): number {
    return this.runtime.clock.now();
  }

  /** The user's clock and calendar, for times that are typed or shown. */
  time(): TimeContext {
    return { now: this.now(), utcOffset: (instant) => this.runtime.platform.utcOffset(instant) };
  }

  // ── the store ──

  async storePath(): Promise<string> {
    const { platform } = this.runtime;
    return this.globals.db ?? platform.join(await platform.dataDirectory(), "jwtctl.db");
  }

  /** {@link storePath} from the root, for what outlives the working directory. */
  async absoluteStorePath(): Promise<string> {
    return this.runtime.platform.absolute(await this.storePath());
  }

  /** Where the current login is kept. */
  async credentialsPath(): Promise<string> {
    const { env, platform } = this.runtime;
    return env.JWTCTL_CREDENTIALS || platform.join(await platform.stateDirectory(), "credentials.json");
  }

  /**
   * Writes a file that the user has named; as `Files.write`, but never over what jwtctl lives on.
   * @throws AppError as `Files.write`; `usage` as {@link refuseOwnFile}
   */
  async writeFile(...[path, content, options]: Parameters<Files["write"]>): Promise<boolean> {
    await this.refuseOwnFile(path);
    return this.runtime.files.write(path, content, options);
  }

  /**
   * To be asked of a file that the user has named to be written, at the latest when it is.
   * @throws AppError `usage` for the store, what lies beside it, and the current login, whatever link leads there
   */
  async refuseOwnFile(path: string): Promise<void> {
    const { isSameFile, refuseFilesOfStore } = await import("../storage/own-files.ts");
    refuseFilesOfStore(path, await this.storePath());
    const session = await this.credentialsPath();
    if (!isSameFile(path, session) && !isSameFile(path, `${session}.lock`)) return;
    throw new AppError("usage", `${path} is the file of the current login, and nothing was written`, {
      hints: ["Name another file"],
    });
  }

  /** @throws AppError `usage` when the current login would be kept in a file of the store */
  async refuseSessionInStore(store: string): Promise<void> {
    const { refuseFilesOfStore } = await import("../storage/own-files.ts");
    refuseFilesOfStore(
      await this.credentialsPath(),
      store,
      "Name another file for the current login in JWTCTL_CREDENTIALS",
    );
  }

  /**
   * The store, opened once.
   * @param path for when something else than the command line says which
   * @throws AppError `store_not_found` and the other `store_*` codes
   */
  async store(path?: string): Promise<Store> {
    if (!this.opened) {
      const { openStore } = await import("../storage/open-store.ts");
      const named = path ?? (await this.storePath());
      this.opened = { store: await openStore(named, await this.storeOptions()), path: named };
    }
    return this.opened.store;
  }

  /** A store that may still have to be filled, for `init`. */
  async newStore(): Promise<Store> {
    const { createStore } = await import("../storage/open-store.ts");
    const path = await this.storePath();
    this.opened = { store: await createStore(path, await this.storeOptions()), path };
    return this.opened.store;
  }

  /** Looks at a store's file whatever state it is in. */
  async storeExaminer(): Promise<StoreExaminer> {
    return (await import("../storage/examiner.ts")).createStoreExaminer();
  }

  /** Opens another store than the one of this command; who opens it closes it. */
  async openStoreAt(path: string): Promise<Store> {
    const { openStore } = await import("../storage/open-store.ts");
    return openStore(path, await this.storeOptions());
  }

  private async storeOptions() {
    return { actor: await this.actor(), stopwatch: this.runtime.stopwatch };
  }

  /**
   * What an unexpected error is put down to when the store that is open is damaged; undefined when it is not, or when
   * none is open. What a damaged file brings about is no bug, and nobody checks each value that a sound one cannot hold.
   */
  async damage(cause: unknown): Promise<AppError | undefined> {
    const path = this.opened?.path;
    if (path === undefined) return undefined;
    const { damageOf } = await import("../app/doctor/damage.ts");
    return damageOf({ path, now: this.now(), cause }, await this.storeExaminer()).catch(() => undefined);
  }

  /** Copies whole stores. */
  async storeBackups(): Promise<StoreBackups> {
    return (await import("../storage/backups.ts")).createStoreBackups();
  }

  /** Whom the audit log names for what this command does. */
  async actor(): Promise<Actor> {
    return { osUser: await this.runtime.platform.accountName(), command: this.command };
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    await this.opened?.store.close();
    this.opened = undefined;
  }

  // ── servers ──

  /** The way to the servers that the user named. */
  network(): Promise<Network> {
    return this.runtime.network();
  }

  /** Where what was fetched is kept: JWTCTL_CACHE_DIR, or the platform's cache directory. */
  async documentCache(): Promise<DocumentCache> {
    const { env, platform, files } = this.runtime;
    const directory = env.JWTCTL_CACHE_DIR || (await platform.cacheDirectory());
    const { createDocumentCache } = await import("../runtime/document-cache.ts");
    return createDocumentCache(files, directory);
  }

  // ── cryptography ──

  async jws(): Promise<Jws> {
    return (await import("../crypto/jws.ts")).createJws();
  }

  /** For diagnoses only: nothing that it finds may come into a verdict. */
  async signatureProbe(): Promise<SignatureProbe> {
    return (await import("../crypto/signatures/probe.ts")).createSignatureProbe();
  }

  /** For very many tokens: the same verdicts, sooner. */
  async bulkJws(): Promise<SignatureVerifier> {
    return (await import("../crypto/jws-bulk.ts")).createBulkJws();
  }

  async keyTools(): Promise<KeyTools> {
    return (await import("../crypto/key-tools.ts")).createKeyTools(this.runtime.random);
  }

  async keyVault(): Promise<KeyVault> {
    return (await import("../crypto/key-vault.ts")).createKeyVault(await this.keyTools());
  }

  async passwordHasher(): Promise<PasswordHasher> {
    return (await import("../crypto/password.ts")).createPasswordHasher();
  }

  /** SHA-256 of a text, in hexadecimal digits. */
  async sha256(): Promise<Sha256> {
    return (await import("../crypto/digest.ts")).sha256;
  }

  /** The hashes of disclosures (RFC 9901). */
  async textDigest(): Promise<TextDigest> {
    return (await import("../crypto/digest.ts")).textDigest;
  }

  async refreshSecrets(): Promise<RefreshSecrets> {
    return (await import("../crypto/refresh-secrets.ts")).createRefreshSecrets(this.runtime.random);
  }
}
