import type { ErrorEntry } from './entry.ts'

/** Failures of merging a template with specifications. In each case nothing was written. */
export const MERGE_ERRORS = {
  TEMPLATE_FOLDER_UNUSABLE: {
    title: 'The folder of the template cannot be used',
    cause:
      'It does not exist, is no folder, cannot be read, or has what no product can have: a symbolic link that leads out of it, a device, a name that is not UTF-8.',
    fix: 'Name the folder that holds `.stage0_template`, and correct what the message names.',
  },
  TEMPLATE_CONTROL_MISSING: {
    title: 'The template has no control file',
    cause: 'There is no `.stage0_template/process.yaml` in the folder.',
    fix: 'Name the folder of a template. A folder that was merged in place is a product and no template any more.',
  },
  TEMPLATE_CONTROL_NOT_PARSABLE: {
    title: 'The control file is not YAML',
    cause: '`.stage0_template/process.yaml` breaks the rules of YAML, or is not UTF-8.',
    fix: 'Correct it at the line and column of the message.',
  },
  TEMPLATE_CONTROL_INVALID: {
    title: 'The control file says something that it cannot say',
    cause:
      'It is empty, has an unknown key, an entry with no mode or with several, a value of another kind than it needs, or names a file twice.',
    fix: 'Correct it at the line and column of the message.',
  },
  TEMPLATE_FILE_MISSING: {
    title: 'A file that the control file names is not there',
    cause: 'There is no file of that path in the template: nothing at all, a folder, or a symbolic link.',
    fix: 'Correct the path in the control file; it is seen from the folder of the template.',
  },
  TEMPLATE_NOT_PARSABLE: {
    title: 'A template breaks the rules of the language',
    cause: 'An expression or a block is not written as the language has it, or the file is not UTF-8.',
    fix: 'Correct it at the line and column of the message. Braces that are meant as text stand between `{% raw %}` and `{% endraw %}`.',
  },
  TEMPLATE_UNSUPPORTED: {
    title: 'A template uses what is not part of the language',
    cause: 'The construct exists elsewhere, and reading it as something else would give a wrong product.',
    fix: 'Do what the message says in its place.',
  },
  TEMPLATE_RENDER_FAILED: {
    title: 'A template could not be rendered',
    cause: 'It asks a name that is not there for one of its keys, or does with a value what cannot be done with it.',
    fix: 'Correct the template, or the specifications that it works with.',
  },
  TEMPLATE_SAMPLE_MISSING: {
    title: 'The template has no sample to be tested with',
    cause: 'There is neither `.stage0_template/Specifications` nor `.stage0_template/test_data`.',
    fix: 'Put specifications there that use everything the template can do.',
  },
  TEMPLATE_TEST_DIFFERS: {
    title: 'The template does not give what is expected of it',
    cause: 'Merged with its sample it makes other files than there are in `.stage0_template/test_expected`.',
    fix: 'Correct the template; or take what it gives for what is expected, with `stage0 template take`.',
  },
  SPECIFICATIONS_UNUSABLE: {
    title: 'The folder of specifications cannot be used',
    cause:
      'It does not exist, is no folder, cannot be read, has a symbolic link that leads out of it, or a file and a folder of one name.',
    fix: 'Name the folder of the specifications with --specifications, and correct what the message names.',
  },
  SPECIFICATION_NOT_PARSABLE: {
    title: 'A specification is not YAML',
    cause: 'The file breaks the rules of YAML, or is not UTF-8.',
    fix: 'Correct it at the line and column of the message.',
  },
  MERGE_ENVIRONMENT_MISSING: {
    title: 'A name of the environment is not set',
    cause: 'The template declares the names that it needs; each has to be set, if only to nothing.',
    fix: 'Set it before the command: `SERVICE_NAME=shop stage0 merge ...`.',
  },
  MERGE_CONTEXT_NOT_FOUND: {
    title: 'A directive of the context finds nothing',
    cause: 'Its path leads nowhere in these specifications, or no item of the list has the value that it looks for.',
    fix: 'Correct the specifications, the environment or the path. The message lists what there is.',
  },
  MERGE_CONTEXT_CYCLIC: {
    title: 'A directive of the context needs one that comes later',
    cause: 'Directives are followed in their order, and each may start only from what those before it found.',
    fix: 'Put them in another order; of several that need each other, let one start from `specifications`.',
  },
  MERGE_REQUIREMENT_MISSING: {
    title: 'The specifications lack what the template requires',
    cause: 'A path of `requires` leads nowhere.',
    fix: 'Add it to the specifications; nothing behind the key is enough.',
  },
  MERGE_ITEMS_INVALID: {
    title: 'There is nothing that a file could be made for',
    cause: 'The `items` of an entry lead nowhere, or to something that is neither a list nor a mapping.',
    fix: 'Correct the path; `mergeFrom` needs a mapping. An empty list is right and gives no file.',
  },
  MERGE_OUTPUT_OUTSIDE: {
    title: 'An output leads out of the product',
    cause:
      'It is an absolute path, leads out with `..`, has a backslash, begins with the letter of a drive, or goes through a link.',
    fix: 'Let it be a path inside of the product. `/dev/null` alone means that there is no such file.',
  },
  MERGE_OUTPUT_INVALID: {
    title: 'An output cannot be a file of the product',
    cause:
      'It is empty, is its own template, is below a file, is where a folder is, belongs to git or to the template, or has a name that some systems cannot have.',
    fix: 'Let the output be another path.',
  },
  MERGE_OUTPUT_INCOMPLETE: {
    title: 'The name of an output lacks a part',
    cause:
      'An expression in it asks for what the item or the specifications do not have, and prints nothing. Where nothing is left of the name of a file or of a folder, or only an ending of that of an item, such as `configurations/.yaml`, the merge is refused; otherwise this is a warning.',
    fix: "Add what is missing to the specifications, or correct the name in the output. For the template mongodb-api, `stage0 specs check` tells the line of the specifications. Where nothing is meant, write `| default('')` into the output.",
  },
  MERGE_OUTPUT_TWICE: {
    title: 'Two outputs are one file',
    cause:
      'Two entries, two items of one entry, or an entry and a file that the template has besides, have the same path, or paths that differ by case only.',
    fix: 'Let the outputs differ, such as by a name of the item.',
  },
  MERGE_OUTPUT_UNUSABLE: {
    title: 'The product cannot be written',
    cause: 'The system refuses to write: the folder around it does not exist, permissions, a full disk.',
    fix: 'Name another folder with --output, or change what the message says.',
  },
  MERGE_OUTPUT_NOT_EMPTY: {
    title: 'The folder of the product is not empty',
    cause: 'A new product needs a folder that does not exist or holds nothing but `.git`.',
    fix: 'Name another folder with --output, or merge again into a product with --update.',
  },
  MERGE_PROVENANCE_INVALID: {
    title: 'The product does not tell how it was made',
    cause: 'It has no `.stage0_merge.json`, or one that no merge wrote: what people changed since cannot be known.',
    fix: 'Merge into a new folder, and take over by hand what is wanted of it.',
  },
  MERGE_CONFLICT: {
    title: 'People and the template changed the same file',
    cause:
      'A generated file was changed, removed or put there by hand, and the merge would make something else of it than the last one did.',
    fix: 'Look at each file. `--keep-mine` leaves them as they are, `--take-theirs` replaces them by what is generated.',
  },
  MERGE_OTHER_TEMPLATE: {
    title: 'The product was made of another template',
    cause: 'An update removes what its template no longer makes: of another template that is nearly everything.',
    fix: 'Name the template that made the product. Where it was moved or got another name, correct `template` in `.stage0_merge.json`.',
  },
  MERGE_INTERRUPTED: {
    title: 'A merge is at work in this folder, or was cut off',
    cause: 'What it began is still there. It is finished before anything else is done.',
    fix: 'Wait for it, or do what the message says.',
  },
} as const satisfies Record<string, ErrorEntry>
