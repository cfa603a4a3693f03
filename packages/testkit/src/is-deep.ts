/**
 * Whether this is `pnpm test:deep`: loops over crashes, races and random input then run whole, while `pnpm test` takes a
 * sample of each.
 */
export const isDeep = process.env['STAGE0_DEEP'] === '1'
