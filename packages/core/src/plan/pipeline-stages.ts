/** The stages of `db.collection.aggregate()` (manual, aggregation stages), up to server 8.2. */
export const STAGES: ReadonlySet<string> = new Set([
  ...[
    '$addFields',
    '$bucket',
    '$bucketAuto',
    '$changeStream',
    '$changeStreamSplitLargeEvent',
    '$collStats',
    '$count',
    '$densify',
  ],
  ...['$facet', '$fill', '$geoNear', '$graphLookup', '$group', '$indexStats', '$limit', '$listSampledQueries'],
  ...[
    '$listSearchIndexes',
    '$lookup',
    '$match',
    '$merge',
    '$out',
    '$planCacheStats',
    '$project',
    '$rankFusion',
    '$redact',
  ],
  ...['$replaceRoot', '$replaceWith', '$sample', '$scoreFusion', '$search', '$searchMeta', '$set', '$setWindowFields'],
  ...['$shardedDataDistribution', '$skip', '$sort', '$sortByCount', '$unionWith', '$unset', '$unwind', '$vectorSearch'],
])

/** The stages that an update takes (manual, updates with aggregation pipeline). */
export const UPDATE_STAGES: ReadonlySet<string> = new Set([
  '$addFields',
  '$project',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$unset',
])
