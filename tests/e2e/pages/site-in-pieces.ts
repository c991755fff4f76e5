/** The site as it comes over a slow connection: a page stops in the middle of its content, and goes on later. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';
import { DIST } from '../../../scripts/built-site.ts';
import { builtPage } from './site.ts';

/** Milliseconds; a browser paints what it has in a tenth of that. */
const PAUSE = 400;

export class SiteInPieces {
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  /** Serves the pages of the build in two pieces, and all other files at once. */
  static async open(): Promise<SiteInPieces> {
    const files = sirv(DIST);
    const server = createServer((request, response) => {
      const address = request.url ?? '/';
      if (!address.endsWith('/')) {
        files(request, response, () => {
          response.writeHead(404).end();
        });
        return;
      }
      const text = builtPage(address);
      const middle = middleOf(text);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.write(text.slice(0, middle));
      setTimeout(() => response.end(text.slice(middle)), PAUSE);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    return new SiteInPieces(server);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** After the first paragraph of what stands below the title. */
function middleOf(page: string): number {
  const content = page.lastIndexOf('<div class="content-panel');
  const end = page.indexOf('</p>', content);
  if (content < 0 || end < 0) throw new Error('The page has no paragraph below its title.');
  return end + '</p>'.length;
}
