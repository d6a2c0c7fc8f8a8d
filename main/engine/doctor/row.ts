import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { Failure } from '../../../preload/contract/errors.ts';

type Result = DoctorRow['result'];

/** Makes rows of one area. */
export interface RowMaker {
  /** @param nextStep what to do; empty where there is nothing */
  readonly row: (id: string, title: string, result: Result, detail: string, nextStep?: string) => DoctorRow;
  /** A failure as a problem, with its details. */
  readonly failure: (id: string, title: string, failure: Failure) => DoctorRow;
}

export function rowsOf(area: DoctorRow['area']): RowMaker {
  return {
    row: (id, title, result, detail, nextStep = '') => ({ id, area, title, result, detail, nextStep }),
    failure: (id, title, { message, details = '', nextStep }) => ({
      id,
      area,
      title,
      result: 'problem',
      detail: details === '' ? message : `${message} ${details}`,
      nextStep,
    }),
  };
}

const areas: readonly DoctorRow['area'][] = ['app', 'engine', 'machine', 'project'];

/** By area; within one as they came. */
export function sortRows(rows: readonly DoctorRow[]): readonly DoctorRow[] {
  return rows.toSorted((one, other) => areas.indexOf(one.area) - areas.indexOf(other.area));
}
