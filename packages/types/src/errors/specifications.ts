import type { ErrorEntry } from './entry.ts'

/** Findings about specifications: the documents that templates are merged with. */
export const SPECIFICATION_ERRORS = {
  SPECIFICATION_CATALOG_EMPTY: {
    title: 'Catalog without a collection',
    cause:
      'The list `data_dictionaries` of `catalog.yaml` is empty: templates make no collection, service or page of it.',
    fix: 'Add the collections of the product to `catalog.yaml`.',
  },
  SPECIFICATION_DOCUMENT_MISSING: {
    title: 'Document of the specifications missing',
    cause:
      'Specifications are three documents: `product.yaml`, `catalog.yaml` and `architecture.yaml`. One is not there.',
    fix: 'Write it, or name the folder that holds all three.',
  },
  SPECIFICATION_FILE_UNREAD: {
    title: 'File that no template reads',
    cause: 'Templates see files whose names end in `.yaml`, in small letters; `.yml` is not one of them.',
    fix: 'Rename the file so that it ends in `.yaml`.',
  },
  SPECIFICATION_MEMBER_MISSING: {
    title: 'Member of a specification missing',
    cause: 'A mapping lacks a member that it must have.',
    fix: 'Add the member; the schemas that `stage0 specs schemas` writes say what it may be.',
  },
  SPECIFICATION_MEMBER_REPEATED: {
    title: 'Member written twice',
    cause: 'One mapping holds the same key twice. Templates see the last value, and the other is lost.',
    fix: 'Remove the one that is not meant.',
  },
  SPECIFICATION_MEMBER_UNKNOWN: {
    title: 'Unknown member of a specification',
    cause:
      'The mappings of the three documents are closed: a member that is not known to them is a typing error as a rule.',
    fix: 'Correct the name, or remove the member; documents of your own may stand beside the three.',
  },
  SPECIFICATION_MEMBER_WANTED: {
    title: 'Member that templates use',
    cause:
      'The document is valid without it, but most templates print it, and stop where they need it and do not find it.',
    fix: 'Add the member.',
  },
  SPECIFICATION_VALUE_INVALID: {
    title: 'Value of the wrong form',
    cause:
      'A value is not of the kind, the length or the range that its member has. YAML reads `on` as true, `010` as 8 and `2026-01-01` as a date where they are not in quotes.',
    fix: 'Correct the value; write a text in quotes where it looks like something else.',
  },
  SPECIFICATION_NUMBER_NOTATION: {
    title: 'Number that reads as another',
    cause:
      'YAML 1.1 reads `010` as 8, `8:30` as 510 and `8_390` as 8390, and a template prints `8390.0` with its decimals: what is read is not what stands there.',
    fix: 'Write the number with digits alone.',
  },
  SPECIFICATION_NAME_REPEATED: {
    title: 'Name given twice',
    cause:
      'Collections, environments, domains and repos are told apart by their names, and each collection is in a list once. Names of collections differ by more than capitals, since settings and files are called after them.',
    fix: 'Rename one of the two, or remove it.',
  },
  SPECIFICATION_NAME_STYLE: {
    title: 'Name that is not a singular in PascalCase',
    cause:
      'Collections are named in PascalCase and in the singular; templates make names of classes, routes and settings of them.',
    fix: 'Write for example `Profile` or `LearningPath`.',
  },
  SPECIFICATION_NAME_UNKNOWN: {
    title: 'Name that is not in the catalog',
    cause: 'A domain controls, creates or consumes a collection that the catalog does not have.',
    fix: 'Correct the name, or add it to `catalog.yaml`.',
  },
  SPECIFICATION_NAME_UNUSABLE: {
    title: 'Name that cannot be given',
    cause:
      'Templates give names on: those of the catalog to collections and files, `db_name` to a database, `slug`, `docker_org` and the names of repos to images. What takes it would refuse this one, here or on another system.',
    fix: 'Choose another name, as a rule one of letters and digits.',
  },
  SPECIFICATION_NAME_UNUSED: {
    title: 'Collection that nobody uses',
    cause: 'The catalog has a collection that no domain controls, creates or consumes.',
    fix: 'Give it to a domain, or take it out of the catalog.',
  },
  SPECIFICATION_NAME_UNWRITTEN: {
    title: 'Collection that nobody writes',
    cause: 'Domains consume the collection, but none controls or creates it: it stays empty.',
    fix: 'Let one domain control it, or let those create it that add to it.',
  },
  SPECIFICATION_ACCESS_REPEATED: {
    title: 'Collection in two lists of a domain',
    cause:
      'A domain that controls or creates a collection reads it anyway. If it consumes it as well, both make routes and pages of the same name.',
    fix: 'Take the name out of `consumes`.',
  },
  SPECIFICATION_CONTROLLED_TWICE: {
    title: 'Two domains control one collection',
    cause: 'A collection has one domain that changes its documents.',
    fix: 'Let one of them control it, and let the other consume it.',
  },
  SPECIFICATION_CONTROLLED_AND_CREATED: {
    title: 'Collection both controlled and created',
    cause:
      'Either one domain controls a collection and alone writes it, or any number of domains add documents to it that nobody changes.',
    fix: 'Take the name out of `creates`, or let nobody control it.',
  },
  SPECIFICATION_DOMAIN_MISSING: {
    title: 'Mandatory domain missing',
    cause:
      'Every product has the domains `schema`, which brings the database into shape, and `common_code`, which the others are built with.',
    fix: 'Add the domain to `architecture.yaml`.',
  },
  SPECIFICATION_PORT_BELOW_BASE: {
    title: 'Port below the first',
    cause:
      'The ports of the repos are counted from `base_port` of `product.yaml`; a lower one belongs to another product.',
    fix: 'Give the repo the next port that is free, or lower `base_port`.',
  },
  SPECIFICATION_PORT_GAP: {
    title: 'Ports left out',
    cause: 'The ports of the repos are counted from `base_port`, one by one; some in between belong to no repo.',
    fix: 'Number the repos without gaps, unless the ports are kept free on purpose.',
  },
  SPECIFICATION_PORT_MISSING: {
    title: 'Repo without a port',
    cause: 'A repo outside of `common_code` says no port, so compose files and settings have none for it.',
    fix: 'Give it the next port that is free.',
  },
  SPECIFICATION_PORT_REPEATED: {
    title: 'Two repos with one port',
    cause: 'Only one of them can listen on it when the product runs on one machine.',
    fix: 'Give one of them the next port that is free.',
  },
  SPECIFICATION_REFERENCE_WITH_REPO: {
    title: 'Reference with the members of a repo',
    cause:
      'A `spa_ref` runs an image that it shares with others. Nothing is made from a template for it, and nothing is published.',
    fix: 'Remove the member, or make the type `spa`.',
  },
  SPECIFICATION_SCHEMA_INVALID: {
    title: 'Not a JSON Schema',
    cause: 'A file of `schemas/` is not JSON, or holds something other than an object.',
    fix: 'Write it anew: `stage0 render json <collection>` prints the schema of a collection.',
  },
  SPECIFICATION_SCHEMA_MISSING: {
    title: 'Collection without a schema',
    cause: 'Some collections of the catalog have a schema in `schemas/`, this one has none.',
    fix: 'Write it with `stage0 render json <collection>`.',
  },
  SPECIFICATION_SCHEMA_UNUSED: {
    title: 'Schema without a collection',
    cause: 'A file of `schemas/` is named after a collection that is not in the catalog.',
    fix: 'Rename the file to the name in the catalog, or remove it.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>
