/** One transfer as it stands: what was connected, sent, heard and said so far. */
import type { Cloud } from '../../model/cloud.ts';
import type { CommandContext } from '../command.ts';
import { closeNotify, closing } from './curl-lines.ts';
import type { CurlOptions } from './curl-options.ts';
import type { CurlProblem, CurlUrl } from './curl-url.ts';
import type { CurlProgram } from './curl-version.ts';
import type { TransferState } from './curl-write-out.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { NetworkView } from './network-view.ts';

/** How long Linux sends again what nobody acknowledges (net.ipv4.tcp_retries2 = 15). */
export const RETRANSMISSION_SECONDS = 924;
/** Curl's own patience with connecting, CONNECT and TLS. */
const CONNECT_PATIENCE_SECONDS = 300;

export interface TransferSetup {
  readonly options: CurlOptions;
  readonly program: CurlProgram;
  readonly view: NetworkView;
  readonly context: CommandContext;
  /** Which words of the answer curl has nowhere to put; none where it has. */
  readonly unwritten: (answer: HttpAnswer) => 'head' | 'body' | 'nothing';
}

export interface Transferred {
  readonly state: TransferState;
  /** What `-v` writes. */
  readonly notes: readonly string[];
  /** What `-i` shows of the proxy. */
  readonly connectHead: string;
  readonly cloud: Cloud;
  readonly elapsedSeconds: number;
}

/** Seconds passed in vain before a problem. */
export interface Failure extends CurlProblem {
  readonly after?: number;
  /** Whether curl says the message after `* ` too. */
  readonly noted?: 'no';
  readonly close?: 'shutting down' | 'unborn' | 'nothing';
}

export type Where = { readonly host: string; readonly address: string; readonly port: number };

/** What the steps of a transfer share and change as they go. */
export class CurlRun {
  readonly text: string;
  readonly setup: TransferSetup;
  readonly notes: string[] = [];
  cloud: Cloud;
  url: CurlUrl | null = null;
  answer: HttpAnswer | null = null;
  connectHead = '';
  connectStatus = 0;
  verifyResult = 0;
  proxyVerifyResult = 0;
  seconds = 0;
  remote: TransferState['remote'] = null;
  local: TransferState['local'] = null;
  over: 'plain' | 'tls' = 'plain';
  httpVersion: '1.1' | '2' = '1.1';
  elapsed = 0;
  proxyUsed: 'yes' | 'no' = 'no';

  constructor(text: string, setup: TransferSetup) {
    this.text = text;
    this.setup = setup;
    this.cloud = setup.view.cloud;
  }

  /** Returns what the transfer came to, once it ended with a problem or without one. */
  ended(problem: Failure | null): Transferred {
    if (problem !== null) {
      if (problem.noted !== 'no' && problem.always !== 'said') this.note(`* ${problem.message}`);
      if (problem.close !== 'nothing') this.close(problem.close);
      this.elapsed += problem.after ?? 0;
    }
    const { options } = this.setup;
    return {
      state: {
        text: this.text,
        url: this.url,
        answer: this.answer,
        problem:
          problem === null
            ? null
            : {
                code: problem.code,
                message: problem.message,
                ...(problem.always === undefined ? {} : { always: problem.always }),
              },
        seconds: this.seconds,
        remote: this.remote,
        local: this.local,
        connectStatus: this.connectStatus,
        verifyResult: this.verifyResult,
        proxyVerifyResult: this.proxyVerifyResult,
        connects: this.remote === null ? 0 : 1,
        redirects: 0,
        httpVersion: this.httpVersion,
        over: this.over,
        method: options.method,
        uploaded: options.data?.length ?? 0,
        proxyUsed: this.proxyUsed,
        referer: options.referer ?? '',
        number: 0,
      },
      notes: this.notes,
      connectHead: this.connectHead,
      cloud: this.cloud,
      elapsedSeconds: this.elapsed,
    };
  }

  get form(): CurlProgram['form'] {
    return this.setup.program.form;
  }

  /** From 8.10 on, the connection is told of once it stands as a whole. */
  get tellsLate(): boolean {
    return this.form === '8.14';
  }

  /** How long it waits for a connection, CONNECT and TLS together. */
  get patience(): number {
    const { connectTimeout, maxTime } = this.setup.options;
    return Math.min(connectTimeout ?? CONNECT_PATIENCE_SECONDS, maxTime ?? Infinity);
  }

  close(how?: 'shutting down' | 'unborn'): void {
    this.note(closing(this.form, how), ...(this.over === 'tls' ? closeNotify(this.form) : []));
  }

  note(...lines: readonly string[]): void {
    this.notes.push(...lines);
  }

  viewNow(view: NetworkView): NetworkView {
    return { ...view, cloud: this.cloud };
  }
}

export function unknown(reason: string): Failure {
  return { code: 7, message: `the simulation cannot tell: ${reason}`, always: 'said', close: 'nothing' };
}
