export { ServerError } from './server-error.ts'
