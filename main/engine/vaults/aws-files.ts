import type { Archive } from '../vault/archive.ts';

const names = ['credentials', 'config'] as const;
export type AwsFileName = (typeof names)[number];

/** Larger ones are nobody's keys. */
const maxBytes = 256 * 1024;

/**
 * What an unlocked vault holds in `.aws`, as of its last look: in memory only, as bytes, overwritten when the vault is closed,
 * or when the push that belongs to its closing has ended.
 */
export class AwsFiles {
  readonly #files = new Map<AwsFileName, Uint8Array>();
  #isKnown = false;
  #isLent = false;
  #hasEnded = false;

  /** False until the vault was looked into. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Copies what it needs: whoever has the archive wipes that. */
  keep({ members }: Pick<Archive, 'members'>): void {
    if (this.#hasEnded) return;
    this.#wipe();
    this.#isKnown = true;
    for (const name of names) {
      const file = members.find(({ path, type }) => path === `.aws/${name}` && type === 'file');
      if (file !== undefined && file.bytes.length <= maxBytes) this.#files.set(name, Uint8Array.from(file.bytes));
    }
  }

  /** Empty where there is no such file. */
  text(name: AwsFileName): string {
    return Buffer.from(this.#files.get(name) ?? []).toString('utf8');
  }

  /** Keeps the bytes beyond the vault's closing, until `giveBack`. */
  lend(): void {
    this.#isLent = true;
  }

  giveBack(): void {
    this.#isLent = false;
    if (this.#hasEnded) this.#wipe();
  }

  /** The vault is closed. */
  end(): void {
    this.#hasEnded = true;
    if (!this.#isLent) this.#wipe();
  }

  #wipe(): void {
    for (const bytes of this.#files.values()) bytes.fill(0);
    this.#files.clear();
  }
}
