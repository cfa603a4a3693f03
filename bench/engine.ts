import { evidenceScan } from './engine-evidence.ts'
import { onlineMigration } from './engine-online.ts'
import { applyOfMany, nothingToDo } from './engine-size.ts'
import { takeOverAfterKill } from './engine-take-over.ts'

/** Each part prints its figures and tells whether they are within their bars. */
const PARTS = [nothingToDo, applyOfMany, takeOverAfterKill, onlineMigration, evidenceScan]

for (const part of PARTS) if (!(await part())) process.exitCode = 1
