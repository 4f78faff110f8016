// The types of the world that commands run in, and the error that says the reader of stdout has gone.
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
