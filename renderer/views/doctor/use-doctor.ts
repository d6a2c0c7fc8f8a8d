import { useEffect, useState } from 'react';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { Failure } from '../../../preload/contract/errors.ts';
import { useApp } from '../../store/app-context.ts';

/** What doctor found at the last look. */
export interface DoctorLook {
  /** null before the first look has ended. */
  readonly rows: readonly DoctorRow[] | null;
  readonly failure: Failure | null;
  readonly isLooking: boolean;
  readonly lookAgain: () => void;
}

/**
 * Looks when the page comes up, when it is asked to, and when the engine comes or goes; never by itself.
 * @param trigger looks again when it changes
 */
export function useDoctor(projectId: string | null, trigger: string): DoctorLook {
  const { api } = useApp();
  const [rows, setRows] = useState<readonly DoctorRow[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isLooking, setLooking] = useState(true);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isLeft = false;
    setLooking(true);
    void api.request('lookAround', projectId).then((answer) => {
      if (isLeft) return;
      setLooking(false);
      setFailure(answer.ok ? null : answer.failure);
      if (answer.ok) setRows(answer.value);
    });
    return () => {
      isLeft = true;
    };
  }, [api, projectId, trigger, attempt]);
  return { rows, failure, isLooking, lookAgain: () => setAttempt((before) => before + 1) };
}
