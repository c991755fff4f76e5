import type { HttpAnswer } from './http-answer.ts';

/** The first lines of an answer as they arrive; HTTP/2 has names in small letters, and no words for a status. */
export function headOf({ status, reason, headers }: HttpAnswer, version: '1.1' | '2'): string {
  const first = version === '2' ? `HTTP/2 ${status} ` : `HTTP/1.1 ${status} ${reason}`;
  const shown = version === '2' ? headers.filter(([name]) => !/^connection$/i.test(name)) : headers;
  const fields = shown.map(([name, value]) => `${version === '2' ? name.toLowerCase() : name}: ${value}\r\n`);
  return `${first}\r\n${fields.join('')}\r\n`;
}
