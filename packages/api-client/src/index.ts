export { createApiClient, type ApiClient, type ApiClientOptions } from './client.ts'
export type { components, operations, paths } from './schema.ts'
