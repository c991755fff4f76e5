/**
 * What stands in for `node:zlib` in the browser: just-bash imports it for gzip and friends, which no
 * lab needs. They say so when they are run; everything else works without.
 */
export const constants = { Z_DEFAULT_COMPRESSION: -1, Z_BEST_SPEED: 1, Z_BEST_COMPRESSION: 9 };

export function gzipSync(): never {
  throw new Error('compression is not available in the browser');
}

export function gunzipSync(): never {
  throw new Error('decompression is not available in the browser');
}
