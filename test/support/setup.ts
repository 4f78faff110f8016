// Loaded before each test file.
import fc from "fast-check";
import { seed } from "./chance.ts";

// Properties draw from the chance of the run, too, so that its seed is all there is to note.
fc.configureGlobal({ seed: seed() });
