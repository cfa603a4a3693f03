/**
 * Whether this is `pnpm test:deep`: loops over crashes, races and random input then run whole, while `pnpm test` takes a
 * sample of each.
 */
export const isDeep = process.env['STAGE0_DEEP'] === '1'

/** For tests that start many processes one after the other: the limit is for hangs, also on a machine with much other work. */
export const PATIENCE = { timeout: isDeep ? 7_200_000 : 300_000 }
