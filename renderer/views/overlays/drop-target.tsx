import { FolderDown } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useApp } from '../../store/app-context.ts';
import { bindClasses } from '../classes.ts';
import styles from './overlays.module.css';

const css = bindClasses(styles);

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

/** The whole window takes folders, one or many. */
export function DropTarget(): ReactNode {
  const { api, actions } = useApp();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      // Anything else that is dropped must not replace the page.
      event.preventDefault();
      if (!hasFiles(event)) return;
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      // A terminal took what is in its own project.
      if (event.defaultPrevented) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) void actions.registerFolders(api.pathsOf(files));
    };
    document.addEventListener('dragenter', over);
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragenter', over);
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [api, actions]);
  if (!isOver) return null;
  return (
    <div className={css('drop')}>
      <FolderDown size={28} strokeWidth={1.5} aria-hidden="true" />
      <p className={css('dropTitle')}>Drop to register</p>
      <p className={css('dropNote')}>Nothing of a folder runs before you say so.</p>
    </div>
  );
}
