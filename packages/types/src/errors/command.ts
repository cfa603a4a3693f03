import type { ErrorEntry } from './entry.ts'

/** Failures of the command line and of settings. */
export const COMMAND_ERRORS = {
  USAGE: {
    title: 'Wrong use of the command',
    cause: 'An unknown command or option, or a missing argument.',
    fix: 'Run the command with --help.',
  },
  COLLECTION_UNKNOWN: {
    title: 'No such collection',
    cause: 'The repository has no configuration of that name.',
    fix: 'Use one of the names that `stage0 status` or the folder of configurations lists.',
    status: 404,
  },
  VERSION_UNKNOWN: {
    title: 'No such version',
    cause: 'The configuration of the collection does not list that version.',
    fix: 'Use one of the versions of the configuration file; leave it out for the newest.',
    status: 404,
  },
  CONFIRMATION_NEEDED: {
    title: 'Nobody agreed to the changes',
    cause:
      'There is no terminal to ask on, and none of --yes, --plan or AUTO_PROCESS=true was given; or a request to the service changes an environment that is not local, and does not name its database.',
    fix: 'Read the plan (`stage0 plan`), then run with --yes, or with --plan FILE to run exactly that plan. Over HTTP, send the name of the database as `confirm`.',
  },
  NOT_CONFIRMED: {
    title: 'Not confirmed',
    cause: 'The question was answered with something else than was asked for.',
    fix: 'Nothing was changed. Run again and answer as the question says.',
  },
  PLAN_FILE_UNREADABLE: {
    title: 'Plan file not usable',
    cause: 'The file does not exist, or it was not written by `stage0 plan --out`.',
    fix: 'Write it anew with `stage0 plan --out FILE`.',
  },
  PLAN_STALE: {
    title: 'The plan no longer fits',
    cause: 'The repository or the database changed since the plan was written, so other steps would be needed now.',
    fix: 'Plan again and review the new plan; for the command, `stage0 plan --out FILE` writes it.',
    status: 409,
  },
  OUTPUT_NOT_WRITABLE: {
    title: 'Cannot write the file',
    cause: 'The folder does not exist, or it may not be written to.',
    fix: 'Name another file.',
  },
  CONSOLE_NOT_BUILT: {
    title: 'There is no console to serve',
    cause:
      'The files of the console are not there: they are made by the build, and the image `api` comes without them.',
    fix: 'Build them with `npx -y pnpm@12 build`, or use the image `service` or `spa`.',
  },
  PORT_UNUSABLE: {
    title: 'Cannot listen on the port',
    cause: 'Another process listens there, or the port is reserved.',
    fix: 'Choose another port with --port, or leave it out for a free one.',
  },
  CANCELLED: {
    title: 'Cancelled',
    cause: 'The command was asked to stop before it was done.',
    fix: 'Run it again: what was done stays done, and what is left is planned anew.',
    status: 409,
  },
  DEFECT: {
    title: 'A defect of Stage0',
    cause: 'Something happened that the program did not foresee.',
    fix: 'Please report it, with the text below the message.',
    status: 500,
  },
  KILLED: {
    title: 'Killed',
    cause:
      'A second signal ended the command in the middle of a run, so that its lock and its record stay as they were.',
    fix: 'Free the lock with `stage0 unlock --if-owner RUN`, or wait until its lease ends. The next `stage0 apply` finishes the run.',
  },
  SETTING_INVALID: {
    title: 'A setting with a wrong value',
    cause:
      'The value of an option, an environment variable or a file of settings is not what the setting takes, or such a file cannot be read.',
    fix: 'Correct the named source; `docs/settings.md` lists every setting with its values.',
  },
} as const satisfies Record<string, ErrorEntry>
