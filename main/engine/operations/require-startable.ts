import { projectCore, type Core, type ValidConfig } from '../core.ts';
import { failWith, TazpodError } from '../failure.ts';
import { rereadProjects } from '../projects.ts';

/**
 * Reads the folder anew and says what keeps its container from being made.
 * @throws folder-not-found, config-missing, config-invalid, not-trusted
 */
export async function requireStartable(core: Core, projectId: string): Promise<ValidConfig> {
  await rereadProjects(core, [projectId]);
  const project = projectCore(core, projectId);
  if (project.folderStatus === 'missing') throw failWith('folder-not-found', { folder: project.folder });
  if (project.folderStatus === 'unreadable') {
    throw failWith('folder-unreadable', { folder: project.folder, reason: 'permission denied' });
  }
  const { config } = project;
  if (config.status === 'absent') throw failWith('config-missing', { file: config.file });
  if (config.status === 'invalid') throw new TazpodError(config.failure);
  if (project.trust.status !== 'trusted') throw failWith('not-trusted', { folder: project.folder });
  return config;
}
