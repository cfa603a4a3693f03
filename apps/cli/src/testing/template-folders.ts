import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

const CONTROL = `environment: { SERVICE_NAME: which service it is }
templates:
  - { path: README.md.template, merge: true, output: README.md }
  - { path: settings.env, merge: true }
  - { path: one.template, mergeFor: { items: specifications.names, output: "each/{{ item }}.txt" } }
`

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

/** A template with its specifications, each in a folder of its own that the test may change. */
export async function templateFolders() {
  const root = await temporaryFolder()
  const template = await writeFiles(join(root, 'template'), {
    '.stage0_template/process.yaml': CONTROL,
    '.stage0_template/Specifications/names.yaml': '[a, b]',
    '.stage0_template/Specifications/title.yaml': 'Sample',
    '.stage0_template/test_environment.yaml': 'SERVICE_NAME: shop',
    'README.md.template': '# {{ specifications.title }}\n\nText.\n\n',
    'settings.env': 'TITLE={{ specifications.title }}\n\n',
    'one.template': 'This is {{ item }}.\n\n',
    'src/plain.ts': 'export const braces = "{{ stay }}"\n',
  })
  const specifications = await writeFiles(join(root, 'specifications'), {
    'names.yaml': '[x, y]',
    'title.yaml': 'Shop',
  })
  return { root, template, specifications, output: join(root, 'product') }
}

/** What a merge of these gives. */
export const PRODUCT: Readonly<Record<string, string>> = {
  'README.md': '# Shop\n\nText.\n',
  'each/x.txt': 'This is x.\n',
  'each/y.txt': 'This is y.\n',
  'settings.env': 'TITLE=Shop\n',
  'src/plain.ts': 'export const braces = "{{ stay }}"\n',
}

/** Texts of all files below a folder, without what a merge needs itself and what it tells about the product. */
export async function textsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts: Record<string, string> = {}
  for (const path of paths.sort()) {
    const name = path.slice(folder.length + 1)
    if (!name.startsWith('.stage0-merge-') && name !== '.stage0_merge.json') texts[name] = await readFile(path, 'utf8')
  }
  return texts
}
