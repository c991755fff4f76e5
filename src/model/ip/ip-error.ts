/** Why a text is no address or prefix: what was given, what is wrong with it, and where. */
export interface IpError {
  readonly input: string;
  /** Continues the input as a sentence: `has 3 octets where an IPv4 address has 4`. */
  readonly reason: string;
  /** Index of the first character that is wrong; the length of the input when something is missing. */
  readonly position: number;
  /** What was probably meant, for example the masked form of a prefix with host bits. */
  readonly suggestion?: string;
}

/** Returns the error on one line: `"10.0.0.256" octet 4 is 256, above 255 (at character 8)`. */
export function formatIpError(error: IpError): string {
  const meant = error.suggestion === undefined ? '' : `; did you mean ${error.suggestion}?`;
  return `"${error.input}" ${error.reason} (at character ${error.position + 1})${meant}`;
}
