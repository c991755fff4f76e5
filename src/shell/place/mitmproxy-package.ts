/** The package and the tarball are one program to the machine. */
export const MITMPROXY_PACKAGE = 'mitmproxy';
