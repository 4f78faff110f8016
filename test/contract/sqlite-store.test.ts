import { created, temporaryPath } from "../support/store-files.ts";
import { describeStore } from "./store-contract.ts";

describeStore("SQLite", async () => created(temporaryPath()));
