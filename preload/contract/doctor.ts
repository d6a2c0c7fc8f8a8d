/**
 * What doctor looks at, for the window's page and `tazpod doctor` alike. A session of kind `doctor` prints one line of
 * JSON with these fields per row, in the order in which they are shown.
 */
export interface DoctorRow {
  /** Stable, for example `engine` or `ssh-key`; several rows may share one. */
  readonly id: string;
  /** What it is about. */
  readonly area: 'app' | 'engine' | 'machine' | 'project';
  readonly title: string;
  /** `unknown`: it could not be looked at now. */
  readonly result: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly detail: string;
  /** Empty where there is nothing to do. */
  readonly nextStep: string;
}
