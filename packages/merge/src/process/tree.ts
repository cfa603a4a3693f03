import { fail, ok, type Result } from '../problem.ts'

/** What a template folder holds at a path. */
export type TreeEntry =
  /** `mode` has the permissions on the disk, where it is on one. */
  | { readonly kind: 'file'; readonly isExecutable: boolean; readonly mode?: number }
  | { readonly kind: 'folder' }
  /** A symbolic link, which is never followed. */
  | { readonly kind: 'link'; readonly target: string; readonly isOutside: boolean }
  /** A pipe, a socket, a device. */
  | { readonly kind: 'other' }

/** A template folder as it is, without what no merge ever looks at: `.git`, `node_modules`, files of operating systems. */
export interface TemplateTree {
  /** By path, relative to the folder, with `/`; sorted by code point. */
  readonly entries: ReadonlyMap<string, TreeEntry>
  /** The bytes of a file of `entries`. */
  read(path: string): Result<Uint8Array>
}

/**
 * A tree that is only in memory: of tests, and of copies that nobody needs on a disk.
 *
 * @param files Text or bytes by path; a path that ends in `*` means an executable file, without the `*`.
 */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): TemplateTree {
  const bytes = new Map<string, Uint8Array>()
  const entries = new Map<string, TreeEntry>()
  for (const [name, content] of Object.entries(files)) {
    const path = name.replace(/\*$/, '')
    for (const folder of foldersAbove(path)) entries.set(folder, { kind: 'folder' })
    entries.set(path, { kind: 'file', isExecutable: name.endsWith('*') })
    bytes.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content)
  }
  return {
    entries: new Map([...entries].sort(([a], [b]) => byCodePoint(a, b))),
    read: (path) => {
      const content = bytes.get(path)
      return content === undefined
        ? fail({ code: 'TEMPLATE_FILE_MISSING', message: 'There is no such file.', at: { file: path } })
        : ok(content)
    },
  }
}

/** `a/b` and `a` for `a/b/c`, the outermost last. */
export function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, at) => parts.slice(0, parts.length - 1 - at).join('/'))
}

/** The order of everything that has names: the same on every machine. Surrogates stand for code points above all others. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (left === right) continue
    return isSurrogate(left) === isSurrogate(right) ? left - right : isSurrogate(left) ? 1 : -1
  }
  return a.length - b.length
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000

/** UTF-8 as text, with the mark at its beginning if there is one; `undefined` where the bytes are something else. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined
    throw thrown
  }
}
