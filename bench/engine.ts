import { evidenceScan } from './engine-evidence.ts'

/** Each part prints its figures and tells whether they are within their bars. */
const PARTS = [evidenceScan]

for (const part of PARTS) if (!(await part())) process.exitCode = 1
