/** Whether a text holds a private key, as it is or in base64: such a text is never repeated, and never kept. */
import { toBase64, toUtf8 } from '../model/certificates/bytes.ts';

const MARK = 'PRIVATE KEY';

/** The mark in base64, for each of the three places it can have in a group of three bytes. */
const IN_BASE64 = [0, 1, 2].map((before) => {
  const encoded = toBase64(toUtf8(`${' '.repeat(before)}${MARK}`));
  // Characters that also hold bits of the bytes around are left off.
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor(((before + MARK.length) * 8) / 6);
  return encoded.slice(from, to);
});

export function holdsPrivateKey(text: string): boolean {
  if (text.includes(MARK)) return true;
  // Base64 may be broken into lines; in JSON their ends are written \n.
  const whole = text.replaceAll(/\s|\\[nr]/g, '');
  return IN_BASE64.some((each) => whole.includes(each));
}
