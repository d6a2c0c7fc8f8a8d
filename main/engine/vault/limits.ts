/** What a vault may hold. The tmpfs in the container has the same size, so what fits here fits there. */

/** Size of the tmpfs at /home/tazpod/secrets, in bytes. */
export const maxVaultBytes = 64 * 1024 * 1024;

/** Files, folders and links together. */
export const maxMembers = 10_000;

/** The unit in which a tmpfs takes memory. */
export const pageBytes = 4096;

/**
 * A tar of a full vault: its bytes, and for each member a header, a long name with its own header, and padding. More is
 * a gzip bomb, and inflating stops there.
 */
export const maxTarBytes = maxVaultBytes + maxMembers * 2048 + 8 * 1024 * 1024;

/** A vault file: gzip adds a little to bytes that can't be compressed. */
export const maxVaultFileBytes = maxTarBytes + 1024 * 1024;

/** Longest name of a file on Linux, and longest path below the tmpfs that a program can still open, in bytes. */
export const maxNameBytes = 255;
export const maxPathBytes = 4000;
