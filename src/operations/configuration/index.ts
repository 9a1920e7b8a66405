export { type LoadedConfiguration, loadConfiguration, parseConfiguration } from "./load.js";
export { type ConfigurationFault, checkReferences } from "./references.js";
export type { Configuration } from "./schema.js";
