import type { ErrorEntry } from './entry.ts'

/** Findings about the files of a configuration repository. */
export const REPOSITORY_ERRORS = {
  REPOSITORY_NOT_FOUND: {
    title: 'Repository folder not found',
    cause: 'The folder that should hold the configuration repository does not exist or is not a folder.',
    fix: 'Name an existing folder with --repository or INPUT_FOLDER.',
  },
  REPOSITORY_EMPTY: {
    title: 'Not a configuration repository',
    cause: 'The folder has none of the known sub-folders (configurations, dictionaries, types, enumerators, ...).',
    fix: 'Point --repository or INPUT_FOLDER at the folder that contains them.',
  },
  YAML_SYNTAX: {
    title: 'Not readable as YAML',
    cause:
      'The text breaks the rules of YAML, most often by indentation, an unclosed quote, or a colon inside a text without quotes.',
    fix: 'Correct the named line; the cause is sometimes on the line above.',
  },
  YAML_TOO_DEEP: {
    title: 'YAML nested too deeply',
    cause: 'Collections are nested deeper than the reader allows.',
    fix: 'Move inner parts into types or referenced dictionaries.',
  },
  YAML_EMPTY: {
    title: 'File without content',
    cause: 'The file is empty, or holds only comments or null.',
    fix: 'Write the content or remove the file.',
  },
  YAML_SEVERAL_DOCUMENTS: {
    title: 'Several YAML documents in one file',
    cause: 'A line `---` begins a second document; each file of a repository holds one.',
    fix: 'Split the file, or remove the line.',
  },
  YAML_TAG: {
    title: 'YAML tag',
    cause: 'A tag such as `!!str` asks for a type of its own; the format has none.',
    fix: 'Remove the tag; write texts in quotes where they look like something else.',
  },
  YAML_ALIAS: {
    title: 'Alias or merge key without a usable anchor',
    cause:
      'An alias names no anchor above it, or an anchor that contains it, or a merge key gets something that is no mapping.',
    fix: 'Let the alias name an anchor that ends above it.',
  },
  YAML_EXPANSION: {
    title: 'Aliases expand too far',
    cause: 'The aliases of the file stand for more values than the reader allows, as in an alias bomb.',
    fix: 'Write the content out, or move what repeats into a type.',
  },
  YAML_KEY: {
    title: 'Key that is not a plain word',
    cause: 'A key of a mapping is itself a list or a mapping.',
    fix: 'Use words as keys.',
  },
  YAML_DUPLICATE_KEY: {
    title: 'Key written twice',
    cause: 'One mapping holds the same key twice. YAML forbids it; the last value is used.',
    fix: 'Remove the one that is not meant.',
  },
  YAML_AMBIGUOUS: {
    title: 'Value that YAML 1.1 and 1.2 read differently',
    cause:
      'Words such as yes, no, on, off and figures such as 012, 12:30, 1_000 or a bare date mean one thing in YAML 1.1, which the first implementation reads, and another in YAML 1.2, which is read here. It is an error where it would change a schema, an index, a version or a lock, else a warning.',
    fix: 'Write the value so that both agree: true or false, the plain number, or the text in quotes.',
  },
  FILE_NOT_MAPPING: {
    title: 'File whose content is not a mapping',
    cause: 'Configurations, dictionaries, types and enumerators are mappings of attributes at the top.',
    fix: 'Begin the file with attributes such as `root:`, `versions:` or `enumerators:`.',
  },
  ATTRIBUTE_UNKNOWN: {
    title: 'Unknown attribute',
    cause: 'The attribute means nothing at this place, perhaps because it is misspelt. It is ignored and kept.',
    fix: 'Correct the name or remove it.',
  },
  ATTRIBUTE_MISPLACED: {
    title: 'Attribute in the wrong place',
    cause:
      'The attribute is known but has no effect where it stands, for example `additional_properties` beside `root` instead of inside it.',
    fix: 'Move it to where the text says.',
  },
  ATTRIBUTE_MISSING: {
    title: 'Required attribute missing',
    cause: 'An attribute that this kind of thing needs is absent or empty.',
    fix: 'Add it.',
  },
  ATTRIBUTE_KIND: {
    title: 'Attribute with the wrong kind of value',
    cause: 'The value is not what the attribute takes: a text, a number, true or false, a list or a mapping.',
    fix: 'Write the value as the text says.',
  },
  PROPERTY_NAME_MISSING: {
    title: 'Property without a name',
    cause: 'Every property, and every alternative of `one_of`, carries the attribute `name`.',
    fix: 'Add `name`, or find the misspelt one.',
  },
  PROPERTY_NAME_INVALID: {
    title: 'Property name that MongoDB cannot use well',
    cause: 'The name is empty, begins with `$`, or contains a dot or a null character.',
    fix: 'Rename the property.',
  },
  PROPERTY_WITHOUT_TYPE: {
    title: 'Property without a type',
    cause: 'The attribute `type` is absent, so the property is taken as the custom type `void`.',
    fix: 'Add `type`.',
  },
  NAME_NOT_PLAIN: {
    title: 'Name that is not a plain file name',
    cause:
      'A name taken from a file must name a file directly inside its folder: no separators, no `..`, no control characters, at most 200 characters.',
    fix: 'Name a file in the folder, without a path.',
  },
  COLLECTION_NAME_INVALID: {
    title: 'File name that is no collection name',
    cause:
      'A configuration is named after its collection; MongoDB reserves names that contain `$` or begin with `system.`.',
    fix: 'Rename the file.',
  },
  DUPLICATE_FILE: {
    title: 'Two files for one thing',
    cause:
      'Two files stand for the same collection, dictionary or type, for example `a.yaml` and `a.yml`. The first in the order of names is used.',
    fix: 'Remove or rename one of them.',
  },
  VERSION_INVALID: {
    title: 'Not a version number',
    cause: 'A version is `major.minor.patch` or `major.minor.patch.enumerators`, in ASCII digits.',
    fix: 'Write for example 1.0.0.1.',
  },
  VERSION_ZERO: {
    title: 'Version 0.0.0.0',
    cause: '0.0.0.0 is the version of a collection before its first one, so it would never be applied.',
    fix: 'Begin with 1.0.0.0.',
  },
  VERSION_DUPLICATE: {
    title: 'Version declared twice',
    cause: 'Two versions of one configuration have the same four numbers; a missing fourth is 0.',
    fix: 'Remove or renumber one of them.',
  },
  VERSION_ORDER: {
    title: 'Versions out of order',
    cause: 'Versions are applied in ascending order, whatever their order in the file.',
    fix: 'Sort them in the file.',
  },
  INDEX_DUPLICATE: {
    title: 'Index declared twice',
    cause: 'One version adds two indexes of the same name.',
    fix: 'Rename or remove one of them.',
  },
  ENUMERATORS_VERSION: {
    title: 'Enumerators without a usable version',
    cause:
      'The version of an enumerators file must be a whole number from 0 to 2147483647, without quotes; only that number connects it with configurations.',
    fix: 'Write for example `version: 1`.',
  },
  ENUMERATORS_DUPLICATE_VERSION: {
    title: 'Two enumerators files for one version',
    cause: 'Two files carry the same version number. The first in the order of names is used.',
    fix: 'Renumber or remove one of them.',
  },
  ENUMERATOR_DUPLICATE: {
    title: 'Enumerator or value declared twice',
    cause:
      'One file holds two enumerators of the same name, of which the first is used, or one enumerator holds a value twice.',
    fix: 'Remove one of them.',
  },
  ENUM_VALUE_NOT_TEXT: {
    title: 'Enumerator value that is not a text',
    cause: 'Enumerator values are texts; without quotes this one is a number, a boolean or null.',
    fix: 'Write it in quotes.',
  },
  JSON_SYNTAX: {
    title: 'Not readable as JSON',
    cause: 'The text breaks the rules of JSON or of MongoDB Extended JSON.',
    fix: 'Correct the named place.',
  },
  JSON_DUPLICATE_KEY: {
    title: 'Key written twice in JSON',
    cause: 'One object of a JSON file holds the same key twice; the last value is used.',
    fix: 'Remove the one that is not meant.',
  },
  DATA_NOT_JSON_FILE: {
    title: 'Data file that is not JSON',
    cause: 'Test data and migrations are JSON files.',
    fix: 'Convert the file and give it the extension `.json`.',
  },
  DATA_NOT_ARRAY: {
    title: 'Data file that is not an array',
    cause: 'Test data is an array of documents, a migration an array of stages.',
    fix: 'Wrap the content in `[` and `]`.',
  },
  DATA_ITEM_INVALID: {
    title: 'Item that is no document or stage',
    cause: 'A test document must be an object; a stage must be an object with exactly one key, its operator.',
    fix: 'Correct the item.',
  },
  FILE_IGNORED: {
    title: 'File ignored',
    cause: 'Only files ending in .yaml, .yml or .json count; dot files do not.',
    fix: 'Nothing, or remove the file.',
  },
  FILE_REFUSED: {
    title: 'File refused',
    cause: 'The entry is a symbolic link that leaves the repository or leads nowhere, or a device, a pipe or a socket.',
    fix: 'Replace it by a regular file.',
  },
  FILE_UNREADABLE: {
    title: 'File or folder unreadable',
    cause: 'The system refused to read it.',
    fix: 'Check permissions and links.',
  },
  FILE_TOO_LARGE: {
    title: 'File above the size limit',
    cause: 'The file is larger than MAX_FILE_MB allows, or it is YAML of more than 16 Mi characters; it was not read.',
    fix: 'Split it, or raise MAX_FILE_MB for JSON files.',
  },
  FILE_NOT_UTF8: {
    title: 'File that is not UTF-8',
    cause: 'The bytes are not valid UTF-8.',
    fix: 'Save the file as UTF-8.',
  },
  FILE_NAME_INVALID: {
    title: 'File name that cannot be used',
    cause: 'The name has control characters or is longer than 200 characters.',
    fix: 'Rename the file.',
  },
} as const satisfies Record<string, ErrorEntry>
