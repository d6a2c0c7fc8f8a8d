import path from 'node:path';

/** The last component of a folder's path: what a person calls the project. */
export function folderName(folder: string): string {
  return path.basename(folder);
}
