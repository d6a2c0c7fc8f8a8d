export * from './commands.ts';
export * from './errors.ts';
export * from './parse.ts';
export * from './session.ts';
export * from './snapshot.ts';
