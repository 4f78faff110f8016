import { describe } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { describeAudit } from "./audit-contract.ts";
import { describeKeyLife } from "./key-life-contract.ts";
import { describeKeys } from "./keys-contract.ts";
import { describeReuse } from "./reuse-contract.ts";
import { describeRotation } from "./rotation-contract.ts";
import { describeSessions } from "./sessions-contract.ts";
import { describeSettings } from "./settings-contract.ts";
import { describeThrottle } from "./throttle-contract.ts";
import { describeTidying } from "./tidy-contract.ts";
import { describeUsers } from "./users-contract.ts";

/** Makes a store as `init` finds it: empty, not initialised. The backend's test file closes and removes it. */
export type MakeStore = () => Promise<Store>;

/** What every backend must do; a new backend passes this suite unchanged. */
export function describeStore(backend: string, make: MakeStore): void {
  describe(`the ${backend} store`, () => {
    describeSettings(make);
    describeKeys(make);
    describeKeyLife(make);
    describeUsers(make);
    describeSessions(make);
    describeRotation(make);
    describeReuse(make);
    describeThrottle(make);
    describeAudit(make);
    describeTidying(make);
  });
}
