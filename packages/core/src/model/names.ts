/** The longest file name that is accepted: below every file system's limit, with room for a temporary suffix. */
export const MAX_NAME_LENGTH = 200

const FORBIDDEN = /[/\\\u0000-\u001f\u007f-\u009f]/

/**
 * Whether a name taken from a file or a URL is a plain file name inside its folder: no separators, no `.` or `..`,
 * no control characters, 1 to 200 characters. Anything else is a problem and never becomes a file access.
 */
export const isPlainFileName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && name.length <= MAX_NAME_LENGTH && !FORBIDDEN.test(name)

/** A file name without its extension: "word.yaml" is "word", "user.1.0.0.yaml" is "user.1.0.0". */
export const withoutExtension = (name: string): string => name.replace(/\.(?:yaml|yml|json)$/i, '')
