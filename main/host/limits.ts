/** What one host process takes on. A script gone wild meets these long before the machine suffers. */

/** Connections at once: windows, terminals and scripts of one person. */
export const maxClients = 64;
/** Sessions at once over all clients; each is an exec session in the engine and a buffer here. */
export const maxSessions = 256;
/** Requests of one client that wait for their answer; each holds memory here. */
export const maxPendingRequests = 256;
/** JSON from a client in one frame: the longest is a session's command line. Snapshots only travel the other way. */
export const maxClientJsonBytes = 1024 * 1024;
/** How long a client may take to read the rest when the host ends. */
export const closeGraceMs = 2000;
/** How long running operations may keep an ending host: a pull can be begun again, a logout waits for nobody. */
export const drainGraceMs = 10_000;
