import type { RiskCauseEntry, RiskCodeEntry } from '@stage0/core'
import { GENERATED } from './generated.ts'

const INTRODUCTION = `A plan tells what its steps put at risk, each risk with a code, what it is about, why it matters and what would be safer. A risk does not refuse
a plan. Those that no later step makes good (*grave* in the table) are counted where somebody agrees to the plan, unless the file accepts them.

A version of a configuration accepts a risk in \`allow\`, with a reason, which the plan then shows instead of the advice:

\`\`\`yaml
versions:
  - version: 1.2.0.0
    drop_indexes: [byPhone]
    allow:
      - code: LI
        path: byPhone
        reason: hidden since May, nothing became slow
\`\`\`

- \`code\` is one of those below. Another one is the error \`RISK_CODE_UNKNOWN\`.
- \`path\` narrows it to one property, index, file or the validator; each risk below says which. A property covers everything below it; a file is named as the version
  names it. Without \`path\` the code is accepted everywhere in the version. What no risk of the version can match is the warning \`ALLOW_WITHOUT_EFFECT\`.
- \`reason\` is for whoever reviews the plan. Without one the repository is invalid.

An acceptance is part of what the repository wants, so that a plan that was made before it no longer fits.`

const PLACES: Readonly<Record<RiskCauseEntry['place'], string>> = {
  property: 'a property: `profile.name`, `tags[]`, or `""` for the document itself',
  index: 'an index by its name',
  file: 'a file, as in the version: `m.json`, or with its folder',
  validator: '`""`, which stands for the validator',
}

/** docs/risks.md: every code of a risk, with what brings it, why it matters, what is safer, and how a file accepts it. */
export function risksPage(
  codes: Readonly<Record<string, RiskCodeEntry>>,
  causes: Readonly<Record<string, RiskCauseEntry>>,
): string {
  const rows = Object.entries(codes).map(
    ([code, one]) =>
      `| [\`${code}\`](#${code.toLowerCase()}) | ${one.title} | ${one.class} | ${one.isGrave ? 'yes' : 'no'} |`,
  )
  const sections = Object.entries(codes).map(([code, { title, class: kind, meaning }]) => {
    const own = Object.values(causes).filter((one) => one.code === code)
    return [`## ${code}`, `**${title}** (${kind}). ${meaning}`, ...own.map(causeText)].join('\n\n')
  })
  const table = ['| code | risk | class | grave |', '| --- | --- | --- | --- |', ...rows].join('\n')
  return `${['# Risks of a plan', GENERATED, INTRODUCTION, table, ...sections].join('\n\n')}\n`
}

const causeText = ({ when, why, safer, place }: RiskCauseEntry): string =>
  [`- When: ${when}`, `  - Why it matters: ${why}`, `  - Safer: ${safer}`, `  - \`path\` names ${PLACES[place]}.`].join(
    '\n',
  )
