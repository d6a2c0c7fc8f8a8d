/// <reference types="electron" />
import type { EventEmitter } from 'node:events';

/**
 * How the stand-in's exports are proven against electron.d.ts. Listening methods are left out: Electron types them with
 * one overload per event, which ends in the class itself; the contract app listens with Electron's own types.
 */
export type Members<Ours, Theirs> = Pick<Theirs, Exclude<keyof Ours, keyof EventEmitter> & keyof Theirs>;

/** Members of ours that Electron does not have: must be none. */
type Strangers<Ours, Theirs> = Exclude<keyof Ours, keyof EventEmitter | keyof Theirs>;

/** `never` where each public member of ours is one of Electron's, with Electron's type; else it does not compile, or names the stranger. */
export type Proof<Ours extends Members<Ours, Theirs>, Theirs> = Strangers<Ours, Theirs>;
