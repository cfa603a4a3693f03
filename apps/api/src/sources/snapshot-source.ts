import { readSnapshot, type Settings, type Snapshot } from '@stage0/workspace'
import type { SnapshotSource } from '../deps.ts'

/** The repository of the settings, read for each who asks. */
export class RepositorySnapshots implements SnapshotSource {
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  current(loadTestData?: boolean): Promise<Snapshot> {
    return readSnapshot(this.#settings.INPUT_FOLDER.value, this.#settings, loadTestData)
  }
}
