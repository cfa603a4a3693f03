/** What a template may cost, so that a wrong or hostile one ends with a problem. Each is far above what a real one needs. */
export const LIMITS = {
  /** Levels of brackets and operators in one expression. */
  expressionDepth: 200,
  /** Levels of blocks. */
  blockDepth: 100,
  /** Characters (UTF-16 units) of one text, and of what one template prints. */
  text: 64 * 1024 * 1024,
  /** Members of one list. */
  items: 5_000_000,
  /** Statements executed and members looked at in one rendering. */
  steps: 5_000_000,
  /** Levels of lists and mappings in one value. */
  valueDepth: 500,
  /** Decimal digits of a whole number: what the first implementation prints. */
  digits: 4300,
} as const
