/** `npm start`: builds the site if it does not match its sources, then serves it. */
import { buildSite, readStamp, sourcesDigest } from './built-site.ts';
import { portIsFree, serveSite } from './serve.ts';

const wanted = process.env.PORT ?? '4321';
const host = process.env.HOST ?? 'localhost';
const port = /^\d{1,5}$/.test(wanted) ? Number(wanted) : Number.NaN;

if (!(port >= 1 && port <= 65_535)) {
  console.error(`PORT is "${wanted}"; expected a number from 1 to 65535.`);
  process.exit(2);
}
if (!(await portIsFree(port, host))) {
  console.error(`Port ${port} is already in use. Choose another one: PORT=${port + 1} npm start`);
  process.exit(1);
}
if (readStamp()?.sources === sourcesDigest()) {
  console.log('dist/ matches its sources; nothing to build.');
} else {
  console.log('Building the site (about a minute the first time) ...');
  const exitCode = await buildSite();
  if (exitCode !== 0) {
    console.error('The build failed; nothing is served.');
    process.exit(exitCode);
  }
}
const { server, address } = await serveSite(port, host);
console.log(`\nThe workbook is at ${address}   (Ctrl+C stops it)`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
