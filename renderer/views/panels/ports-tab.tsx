import { Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { ListeningPort } from '../../../preload/contract/listening.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp, useEngineReady } from '../../store/app-context.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { IconButton } from '../controls/button.tsx';
import styles from './panel.module.css';
import portStyles from './ports-tab.module.css';
import { useWatch } from './use-watch.ts';
import { WatchTrouble } from './watch-trouble.tsx';

const css = bindClasses({ ...styles, ...portStyles });

/** What listens inside, published or not; looked at only while this is in view. */
export function PortsTab({ project }: { readonly project: ProjectState }): ReactNode {
  const engineReady = useEngineReady();
  const { container } = project;
  const containerId = container.status === 'running' && engineReady ? container.id : null;
  const [ports, setPorts] = useState<readonly ListeningPort[] | null>(null);
  useEffect(() => setPorts(null), [containerId]);
  const watching = useWatch('ports', project.id, containerId, setPorts);
  if (container.status !== 'running') {
    return (
      <div className={css('center')}>
        <h2 className={css('title')}>Not running</h2>
        <p>What programs inside listen on shows here while the container runs.</p>
      </div>
    );
  }
  return (
    <div className={css('panel')}>
      <div className={css('body')} tabIndex={0} role="region" aria-label="Ports">
        <WatchTrouble watching={watching} />
        <h2 className={css('title')}>What listens inside</h2>
        <p className={css('lead')}>
          Published ports open on this machine only. The config line takes effect with Rebuild.
        </p>
        {ports !== null && <PortList ports={ports} />}
      </div>
    </div>
  );
}

function PortList({ ports }: { readonly ports: readonly ListeningPort[] }): ReactNode {
  if (ports.length === 0)
    return <p className={css('none')}>Nothing listens now. A server that you start shows at once.</p>;
  return (
    <ul className={css('ports')} aria-label="Ports">
      {ports.map((one) => (
        <li key={one.port} className={css('port')}>
          <span className={css('number')}>{one.port}</span>
          <span className={css('program')} title={toVisibleText(one.program ?? '')}>
            <bdi>{toVisibleText(one.program ?? 'a program of another user')}</bdi>
          </span>
          <PortPlace port={one} />
        </li>
      ))}
    </ul>
  );
}

function PortPlace({ port: { hostPort, reachable, configLine } }: { readonly port: ListeningPort }): ReactNode {
  const { api } = useApp();
  return (
    <div className={css('place')}>
      {hostPort !== null && (
        <AriaButton
          className={css('link')}
          aria-label={`Open http://localhost:${hostPort} in the browser`}
          onPress={() => void api.request('openLink', `http://localhost:${hostPort}/`)}
        >
          localhost:{hostPort}
        </AriaButton>
      )}
      {hostPort === null && configLine === null && <p>Published from the next Rebuild on.</p>}
      {hostPort === null && configLine !== null && <p>Not published.</p>}
      {!reachable && (
        <p className={css('hint')}>
          It listens on 127.0.0.1 inside, where no published port leads: let it listen on 0.0.0.0.
        </p>
      )}
      {configLine !== null && (
        <p className={css('line')}>
          <code className={css('selectable')}>{configLine}</code>
          <IconButton
            label={`Copy ${configLine}`}
            icon={<Copy size={14} aria-hidden="true" />}
            onPress={() => void api.request('copyText', `${configLine}\n`)}
          />
        </p>
      )}
    </div>
  );
}
