import path from 'node:path';
import { toFailure, type ConfigProblem, type Failure } from '../../../preload/contract/errors.ts';
import { failureOf } from '../failure.ts';
import type { ProjectConfig } from './config.ts';
import { parseConfig } from './parse-config.ts';
import { readProjectFile } from './safe-path.ts';
import { maxConfigBytes } from './yaml-source.ts';

/** Where a project keeps its config, below its folder. */
export const configParts = ['.tazpod', 'config.yaml'] as const;

/** What lies where a project's config should be. `file` is the path to show. */
export type ConfigReading =
  | { readonly status: 'absent'; readonly file: string }
  | {
      readonly status: 'invalid';
      readonly file: string;
      readonly failure: Failure;
      /** Empty where the file could not be read at all. */
      readonly problems: readonly ConfigProblem[];
    }
  | {
      readonly status: 'valid';
      readonly file: string;
      readonly config: ProjectConfig;
      readonly warnings: readonly string[];
    };

/**
 * Reads a project's config. Never throws, whatever lies there; a folder that is gone has an absent config.
 * @param folder the project's canonical path
 */
export async function readConfig(folder: string): Promise<ConfigReading> {
  const file = path.join(folder, ...configParts);
  let bytes: Uint8Array;
  try {
    bytes = await readProjectFile(folder, configParts, maxConfigBytes);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'config-missing' || failure.code === 'folder-not-found') return { status: 'absent', file };
    return { status: 'invalid', file, failure, problems: [] };
  }
  const result = parseConfig(bytes, file);
  if (result.ok) return { status: 'valid', file, config: result.config, warnings: result.warnings };
  const { problems } = result;
  return { status: 'invalid', file, failure: toFailure('config-invalid', { file, problems }), problems };
}
