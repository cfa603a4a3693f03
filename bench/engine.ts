import { evidenceScan } from './engine-evidence.ts'
import { onlineMigration } from './engine-online.ts'
import { applyOfMany, nothingToDo } from './engine-size.ts'
import { takeOverAfterKill } from './engine-take-over.ts'

interface Part {
  readonly name: string
  /** What to expect on a quiet machine, so that nobody takes a part that works for one that hangs. */
  readonly takes: string
  /** Prints its figures and tells whether they are within their bars. */
  readonly run: () => Promise<boolean>
}

const PARTS: readonly Part[] = [
  { name: 'nothing to do', takes: 'about half a minute', run: nothingToDo },
  { name: 'apply of many', takes: 'about 15 seconds', run: applyOfMany },
  { name: 'take-over', takes: 'about 10 seconds', run: takeOverAfterKill },
  { name: 'online migration', takes: 'about a minute and a half', run: () => onlineMigration() },
  { name: 'evidence', takes: 'about a minute', run: evidenceScan },
]

for (const { name, takes, run } of PARTS) {
  console.log(`${name} begins; it takes ${takes} on a quiet machine`)
  if (!(await run())) process.exitCode = 1
}
