const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const;

/** Returns SHA-1 (FIPS 180-4) of ASCII text in hexadecimal; the model has no crypto library to lean on. */
export function sha1Hex(text: string): string {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return sha1HexOf(bytes);
}

/** Returns SHA-1 of bytes in hexadecimal. */
export function sha1HexOf(content: Uint8Array): string {
  const bytes = new Uint8Array(Math.ceil((content.length + 9) / 64) * 64);
  bytes.set(content);
  bytes[content.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, content.length * 8);
  const state = Int32Array.from(INITIAL);
  for (let at = 0; at < bytes.length; at += 64) {
    for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(at + t * 4);
    for (let t = 16; t < 80; t++)
      schedule[t] = rotate(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1);
    compress(state);
  }
  let hex = '';
  for (const value of state) hex += (value >>> 0).toString(16).padStart(8, '0');
  return hex;
}

/** The message schedule of the block in hand. One for all, since nothing here waits for anything. */
const schedule = new Int32Array(80);

function word(t: number): number {
  return schedule[t] ?? 0;
}

function compress(state: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let t = 0; t < 80; t++) {
    const next = (rotate(a, 5) + round(t, b, c, d) + e + word(t)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
}

function round(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}
