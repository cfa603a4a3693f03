import type { ErrorEntry } from './entry.ts'

/** What evidence from the real data cannot tell. */
export const EVIDENCE_ERRORS = {
  EVIDENCE_UNEXPLAINED: {
    title: 'Failing documents that Stage0 cannot explain',
    cause:
      'The server says that the documents do not match the validator, and the evaluator of Stage0 finds nothing wrong with them or cannot read a rule, most likely a regular expression.',
    fix: 'The number of failing documents is that of the server and holds. Look at the patterns of the schema, and report the difference.',
  },
  EVIDENCE_KEY_UNKNOWN: {
    title: 'Duplicates not looked for',
    cause:
      'The key of the unique index is not ascending or descending, or names positions of arrays or fields that begin with $: no query gives the values that such an index holds.',
    fix: 'Look for equal values yourself before you apply the plan; a build that meets them fails, and changes nothing.',
  },
} as const satisfies Record<string, ErrorEntry>
