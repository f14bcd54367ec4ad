import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { PageFile } from './page-building.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** A server of some files for this machine alone. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Nobody else can connect; nothing is read from the disk on behalf of whoever asks. */
const HOST = '127.0.0.1';

/** Serves what `filesOf` gives, which is asked anew for each load of the page. Port 0 is any that is free. */
export async function servePage(port: number, filesOf: () => Promise<readonly PageFile[]>): Promise<PageServer> {
  let files = await filesOf();
  const server = createServer((request, response) => {
    const wanted = new URL(request.url ?? '/', `http://${HOST}`).pathname.slice(1) || 'index.html';
    const isPage = wanted === 'index.html';
    // A page from elsewhere may not make this one's browser ask here in its name.
    if (!isOwnHost(request.headers.host)) {
      response.writeHead(403).end();
      return;
    }
    const answer = () => {
      const found = files.find((file) => file.path === wanted);
      if (found === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('no such file\n');
      else response.writeHead(200, headersOf(wanted)).end(found.content);
    };
    if (!isPage) return answer();
    filesOf()
      .then((fresh) => {
        files = fresh;
        answer();
      })
      .catch((error: unknown) => {
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
        response.end(`${error instanceof Error ? error.message : String(error)}\n`);
      });
  });
  return { url: await listening(server, port), close: () => closed(server) };
}

function isOwnHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');
}

function headersOf(file: string): Record<string, string> {
  return {
    'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
  };
}

function listening(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(`http://${HOST}:${typeof address === 'object' && address !== null ? address.port : port}/`);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}
