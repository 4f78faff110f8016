// What runs commands sees of the world: the types, and the one error that says nobody reads any more.
export {
  type ByteSource,
  type Clipboard,
  type Files,
  type InputStream,
  type LineRuntime,
  type LineWorkers,
  OutputClosed,
  type OutputStream,
  type Runtime,
} from "../runtime/runtime.ts";
