import type { Json } from './json-schema.ts'

/** What each stage of a pipeline does, with an example of its argument. Source: manual, aggregation stages. */
export const STAGE_WORDS: Readonly<Record<string, readonly [description: string, example: Json]>> = {
  $addFields: [
    'Adds fields, or gives fields new values; the same as `$set`.',
    { full_name: { $concat: ['$first', ' ', '$last'] } },
  ],
  $bucket: ['Sorts documents into ranges.', { groupBy: '$price', boundaries: [0, 10, 100] }],
  $bucketAuto: ['Sorts documents into a number of ranges of about the same size.', { groupBy: '$price', buckets: 4 }],
  $changeStream: ['Follows changes; of no use in a migration.', {}],
  $changeStreamSplitLargeEvent: ['Splits large change events; of no use in a migration.', {}],
  $collStats: ['Figures about the collection.', { count: {} }],
  $count: ['The number of documents.', 'total'],
  $densify: [
    'Adds documents where values of a sequence are missing.',
    { field: 'at', range: { step: 1, unit: 'day', bounds: 'full' } },
  ],
  $facet: ['Several pipelines over the same documents.', { open: [{ $match: { status: 'open' } }] }],
  $fill: ['Fills in missing values.', { output: { score: { value: 0 } } }],
  $geoNear: [
    'Documents by their distance from a place; must be the first stage.',
    { near: { type: 'Point', coordinates: [8.5, 47.4] }, distanceField: 'distance' },
  ],
  $graphLookup: [
    'Follows references over several steps.',
    { from: 'person', startWith: '$boss', connectFromField: 'boss', connectToField: '_id', as: 'bosses' },
  ],
  $group: ['One document per key, with sums and the like.', { _id: '$status', count: { $sum: 1 } }],
  $indexStats: ['Figures about the use of indexes.', {}],
  $limit: ['The first documents only.', 100],
  $listSampledQueries: ['Queries that the server took down.', {}],
  $listSearchIndexes: ['The search indexes of the collection.', {}],
  $lookup: [
    'Adds the matching documents of another collection.',
    { from: 'organization', localField: 'organization_id', foreignField: '_id', as: 'organization' },
  ],
  $match: ['Documents that match a filter only.', { status: 'active' }],
  $merge: [
    'Writes the documents into a collection, beside those that are there; must be the last stage.',
    { into: 'user', on: '_id', whenMatched: 'replace' },
  ],
  $out: ['Replaces a collection by the documents; must be the last stage.', 'user'],
  $planCacheStats: ['Figures about cached query plans.', {}],
  $project: ['Keeps, removes or computes fields.', { first_name: 0 }],
  $rankFusion: ['Combines several rankings into one.', { input: { pipelines: {} } }],
  $redact: [
    'Leaves out parts of documents by a condition.',
    { $cond: [{ $eq: ['$level', 5] }, '$$PRUNE', '$$DESCEND'] },
  ],
  $replaceRoot: ['Puts a document inside in the place of the whole one.', { newRoot: '$profile' }],
  $replaceWith: ['Puts an expression in the place of the whole document.', '$profile'],
  $sample: ['Documents at random.', { size: 10 }],
  $scoreFusion: ['Combines several scores into one.', { input: { pipelines: {}, normalization: 'none' } }],
  $search: ['A full-text search, where the deployment has one.', { text: { query: 'baseball', path: 'plot' } }],
  $searchMeta: ['Figures about a full-text search.', { count: { type: 'total' } }],
  $set: ['Adds fields, or gives fields new values.', { status: 'active' }],
  $setWindowFields: [
    'Computes over neighbouring documents.',
    { sortBy: { at: 1 }, output: { total: { $sum: '$amount' } } },
  ],
  $shardedDataDistribution: ['Figures about sharded data.', {}],
  $skip: ['Leaves out the first documents.', 100],
  $sort: ['Sorts the documents; the order of the fields counts.', { status: 1, created: -1 }],
  $sortByCount: ['One document per value, the most frequent first.', '$status'],
  $unionWith: ['Adds the documents of another collection.', 'archived_user'],
  $unset: ['Removes fields.', ['first_name', 'last_name']],
  $unwind: ['One document per item of an array.', '$tags'],
  $vectorSearch: [
    'A search by vectors, where the deployment has one.',
    { index: 'byVector', path: 'vector', queryVector: [0.1], numCandidates: 10, limit: 1 },
  ],
}
