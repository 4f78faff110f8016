declare const __JWTCTL_VERSION__: string | undefined;

/** The version in package.json, put in by the build. */
export const VERSION = typeof __JWTCTL_VERSION__ === "string" ? __JWTCTL_VERSION__ : "0.0.0-source";
