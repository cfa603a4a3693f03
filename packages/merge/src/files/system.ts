import type { MergeCode, Problem } from '../problem.ts'

/** The code of an error of the operating system, such as ENOENT; anything else is a defect and is thrown on. */
export function systemCode(thrown: unknown): string {
  if (thrown instanceof Error && 'syscall' in thrown && 'code' in thrown && typeof thrown.code === 'string')
    return thrown.code
  throw thrown
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  EXDEV: 'it is on another file system',
  EBUSY: 'something else uses it',
  ENAMETOOLONG: 'its path is too long',
  EEXIST: 'something else was put there meanwhile',
  ENOTEMPTY: 'something was put into it meanwhile',
  ENFILE: 'too many files are open on this machine',
  EFBIG: 'the file system takes no file of that size',
  EIO: 'the disk fails',
  ESTALE: 'the network disk no longer knows it',
  EILSEQ: 'the file system cannot have that name',
  ENXIO: 'it is a device or a socket',
  ENODEV: 'it is a device or a socket',
}

/** What the system says, in words and without the path of the machine. */
export function reasonOf(thrown: unknown): string {
  const code = systemCode(thrown)
  return REASONS[code] ?? `the system says ${code}`
}

/** @param what Begins the sentence: "The folder cannot be read". */
export const systemProblem = (code: MergeCode, what: string, thrown: unknown, file?: string): Problem => ({
  code,
  message: `${what}: ${reasonOf(thrown)}.`,
  ...(file === undefined ? {} : { at: { file } }),
})
