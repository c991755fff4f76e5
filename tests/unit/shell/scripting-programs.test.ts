/** Programs that scripts lean on: `mktemp` for what they generate, `envsubst` for manifests with variables. */
import { expect, it } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

async function said(script: string): Promise<string> {
  const { stdout, stderr } = await createSession({ cloud: newCloud({ seed: 'scripting' }) }).run(script);
  return stdout + stderr;
}

it('mktemp makes a file or a directory that was not there', async () => {
  const script =
    'A=$(mktemp); B=$(mktemp); D=$(mktemp -d); touch $D/x; [ $A != $B ] && [ -f $A ] && [ -d $D ] && ls $D';
  expect(await said(script)).toBe('x\n');
});

it.each([
  ['mktemp -u', /^\/tmp\/tmp\.\w{10}\n$/],
  ['F=$(mktemp -u); ls $F 2>/dev/null || echo none', /^none\n$/],
  ['mktemp -dt plan.XXXX', /^\/tmp\/plan\.\w{4}\n$/],
  ['mktemp -p /home -u a-XXX.json', /^\/home\/a-\w{3}\.json\n$/],
  ['mktemp --tmpdir=/tmp/ XXXX', /^\/tmp\/\w{4}\n$/],
  ['mktemp here.XXXX', /^here\.\w{4}\n$/],
  ['TMPDIR=/home mktemp -u', /^\/home\/tmp\./],
  ['mktemp aXX', /^mktemp: too few X's in template ‘aXX’\n$/],
  [
    'mktemp /nope/aXXX',
    /^mktemp: failed to create file via template ‘\/nope\/aXXX’: No such file or directory\n$/,
  ],
  ['mktemp aXXX bXXX', /^mktemp: too many templates\n/],
  ['mktemp -t /aXXX', /^mktemp: invalid template, ‘\/aXXX’; with --tmpdir, it may not be absolute\n$/],
  ['mktemp --suffix=.sh', /^mktemp: the option --suffix=\.sh is not simulated in this workbook\n$/],
])('%s', async (line, printed) => {
  expect(await said(line)).toMatch(printed);
});

const TEXT = `echo 'a: \${NAME}, $PORT, $HIDDEN, \${PORT:-80}, $5'`;

it.each([
  ['envsubst', 'a: web, 8080, , ${PORT:-80}, $5\n'],
  ["envsubst '$PORT'", 'a: ${NAME}, 8080, $HIDDEN, ${PORT:-80}, $5\n'],
  ["envsubst '$PORT ${NAME}' x", 'envsubst: too many arguments\n'],
  ['envsubst -v', 'envsubst: the option -v is not simulated in this workbook\n'],
])('%s puts in what is exported', async (line, printed) => {
  expect(await said(`export NAME=web PORT=8080; HIDDEN=1; ${TEXT} | ${line}`)).toBe(printed);
});
