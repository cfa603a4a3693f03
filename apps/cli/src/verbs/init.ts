import { Option } from 'commander'
import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure } from '../failure.ts'
import type { Given } from '../init/choose.ts'
import { makeRepository } from '../init/make-repository.ts'
import { tellReport } from '../init/report.ts'
import type { Io } from '../terminal/io.ts'
import { examples, type Verbs } from './verb.ts'

interface InitOptions extends Given {
  readonly empty?: true
  readonly add?: true
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

export function addInit({ program, io, version, finish }: Verbs): void {
  program
    .command('init')
    .argument('[folder]', 'the folder of the new repository, which is made; this one without it')
    .description('Makes a new configuration repository in a folder. Overwrites nothing; writes all files or none.')
    .option('--name <name>', 'its name: of the image and the compose project; by default after the folder')
    .option('--database <name>', 'the database; by default after the name')
    .option('--sample', 'with the collections organization and user; the default')
    .addOption(new Option('--empty', 'without collections').conflicts('sample'))
    .option('--docker', 'with a Dockerfile that packages the files; the default')
    .option('--no-docker', 'without one')
    .option('--compose', 'with a compose file: database, console and batch job on this machine; the default')
    .option('--no-compose', 'without one')
    .option('--workflow', 'with a GitHub workflow that checks and plans pull requests; the default')
    .option('--no-workflow', 'without one')
    .option('--project <owner/repository>', 'where the images and the action of Stage0 are published')
    .option('--add', 'into a folder with other files; none of them is overwritten')
    .option('--dry-run', 'list the files and write nothing')
    .option('--yes', 'ask nothing: what no option says is as by default')
    .option('--json', 'print the result as JSON, and ask nothing')
    .addHelpText('after', examples('init shop', 'init shop --database shop_data --empty --no-docker', 'init --dry-run'))
    .addHelpText(
      'after',
      [
        '',
        'On a terminal it asks what no option says. Without one it asks nothing.',
        'A folder that holds nothing but .git counts as empty.',
      ].join('\n'),
    )
    .action(async (folder: string | undefined, options: InitOptions) =>
      finish(await init(io, version, folder, options)),
    )
}

async function init(io: Io, version: string, folder: string | undefined, options: InitOptions): Promise<ExitCode> {
  const made = await makeRepository(io, version, folder, {
    ...options,
    ...(options.empty === true ? { sample: false } : {}),
    asks: io.interactive && options.yes !== true && options.json !== true,
  })
  if (!made.ok) return tellFailure(io, made.error, options.json)
  tellReport(io, made.value, options.json)
  return EXIT.done
}
