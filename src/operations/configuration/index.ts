export { codecOverrides } from "./codecs.js";
export { type LoadedConfiguration, loadConfiguration, parseConfiguration } from "./load.js";
export { type ConfigurationFault, checkReferences } from "./references.js";
export { type CodecsToKeep, saveCodecs, withCodecs } from "./save.js";
export type { Configuration } from "./schema.js";
