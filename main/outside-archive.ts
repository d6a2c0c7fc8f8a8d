/**
 * The path of a file that other programs read, or that is listed folder by folder: in a packed app it lies beside the
 * archive (`asarUnpack` in electron-builder.yml), anywhere else it is where it was.
 */
export const outsideArchive = (file: string): string => file.replace(/\bapp\.asar(?=[\\/])/u, 'app.asar.unpacked');
