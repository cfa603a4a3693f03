import { writeFile } from 'node:fs/promises'
import { inProject, runStage0 } from './run-stage0.ts'
import { terminalSvg } from './terminal-svg.ts'

// Draws docs/start.svg from what `start` really prints. Not part of docs:generate: durations and ports differ each time.
const output = await runStage0(['start'], { FORCE_COLOR: '1', EXIT_AFTER_PROCESSING: 'true' })
await writeFile(
  inProject('docs/start.svg'),
  terminalSvg(
    `$ npx -y pnpm@12 start\n${output}`,
    'The output of `start`: the sample repository checked, planned and applied',
  ),
)
