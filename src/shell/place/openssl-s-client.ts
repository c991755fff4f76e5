import type { CommandContext, CommandResult } from '../command.ts';
import { notSimulatedHere } from './program.ts';

export function sClient(_context: CommandContext, _args: readonly string[]): CommandResult {
  return notSimulatedHere('openssl', 'openssl s_client');
}
