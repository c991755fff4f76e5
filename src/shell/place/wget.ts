/** `wget`, GNU's and busybox's. */
import type { SimulatedCommand } from '../command.ts';
import { networkProgram, type Style } from './program.ts';

export function wget(style: Style): SimulatedCommand {
  return networkProgram('wget', style, async ({ args, view, context }) => {
    if (style === 'busybox') {
      const { busyboxWget } = await import('./wget-busybox.ts');
      return busyboxWget(args, view, context);
    }
    const { gnuWget } = await import('./wget-gnu.ts');
    return gnuWget(args, view, context);
  });
}
