/** The folder that makes a folder a template. No product has it. */
export const TEMPLATE_FOLDER = '.stage0_template'
export const CONTROL_FILE = `${TEMPLATE_FOLDER}/process.yaml`

/** What a product tells about the merge that made it. Beside the files, since it is committed with them. */
export const PROVENANCE_FILE = '.stage0_merge.json'

/** What the names of folders begin with in which a merge writes before anything is in its place. */
export const STAGE_PREFIX = '.stage0-merge-'

/** As an output: the file is not part of the product. The only absolute path that a template may name. */
export const NULL_DEVICE = '/dev/null'

/** The name under which templates find what the specifications say. */
export const SPECIFICATIONS = 'specifications'
