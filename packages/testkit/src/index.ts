export { isDeep } from './is-deep.ts'
export { sharedFolder } from './shared-folder.ts'
