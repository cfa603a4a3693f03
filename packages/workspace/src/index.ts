export { holderOf, systemClock } from './machine.ts'
export { isGone } from './process-space.ts'
export { fingerprintWorkspace, type Fingerprint } from './fingerprint.ts'
export { readSnapshot, type Bounded, type Snapshot } from './read-snapshot.ts'
export { readWorkspace, workspaceOptions, type WorkspaceOptions } from './read-workspace.ts'
export {
  SETTING_NAMES,
  SETTINGS,
  type SettingDefinition,
  type SettingName,
  type SettingValue,
} from './settings/definitions.ts'
export { loadSettings, type Setting, type Settings, type SettingSources } from './settings/load-settings.ts'
export { parseValue } from './settings/parse-value.ts'
export { hostsOf, isLoopback, redactUri } from './settings/redact.ts'
