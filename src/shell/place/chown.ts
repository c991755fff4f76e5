/** chown and chgrp on a VM: files have no owners here, and say so. */
import type { SimulatedCommand } from '../command.ts';
import { failed } from './program.ts';

export function chown(name: 'chown' | 'chgrp'): SimulatedCommand {
  return {
    name,
    places: ['vm'],
    run: async ({ args, env, readFile }) => {
      const [owner, ...files] = args.filter((arg) => !arg.startsWith('-'));
      if (owner === undefined)
        return failed(`${name}: missing operand\nTry '${name} --help' for more information.\n`);
      if (files.length === 0)
        return failed(
          `${name}: missing operand after '${owner}'\nTry '${name} --help' for more information.\n`,
        );
      const [user = ''] = owner.split(/[:.]/);
      const passwd = (await readFile('/etc/passwd')) ?? '';
      const isKnown = user === '' || /^\d+$/.test(user) || `\n${passwd}`.includes(`\n${user}:`);
      if (name === 'chown' && !isKnown) return failed(`chown: invalid user: '${owner}'\n`);
      if ((env.get('USER') ?? 'root') !== 'root')
        return failed(`${name}: changing ownership of '${files[0] ?? ''}': Operation not permitted\n`);
      const remark = `(${name}: whose a file is is not simulated in this workbook; everybody may read every file)\n`;
      return { stdout: '', stderr: remark, exitCode: 0 };
    },
  };
}
