import type { ListeningPort } from '../../../preload/contract/listening.ts';
import { toTable } from '../text/table.ts';

/** What listens inside as a table, and below it what would publish the rest. */
export function renderPorts(ports: readonly ListeningPort[], maxColumns: number): string {
  if (ports.length === 0) return 'Nothing listens inside.\n';
  const columns = [{ title: 'PORT' }, { title: 'PROGRAM', minColumns: 8 }, { title: 'PLACE', minColumns: 20 }];
  const rows = ports.map((one) => [String(one.port), one.program ?? '', placeWords(one)]);
  const hints = ports.flatMap(({ port, configLine }) =>
    configLine === null ? [] : [`To publish ${port}, in .tazpod/config.yaml: ${configLine}`],
  );
  const more = hints.length === 0 ? [] : ['', ...hints, 'Then "tazpod rebuild".'];
  return `${[...toTable(columns, rows, maxColumns), ...more].join('\n')}\n`;
}

function placeWords({ hostPort, reachable, configLine }: ListeningPort): string {
  const published =
    hostPort !== null
      ? `http://localhost:${hostPort}`
      : configLine === null
        ? 'published from the next rebuild on'
        : 'not published';
  return reachable ? published : `${published}; on 127.0.0.1 inside only, where no published port leads`;
}
