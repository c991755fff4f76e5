import { describe, expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

/** Script and what GNU bash 5.2 prints for it. */
const ROWS: readonly (readonly [string, string])[] = [
  ['R=10.0.0.0/20; echo $((24 - ${R#*/}))', '4'],
  ['P=10.20.0.0/23; echo $(( (1 << (32 - ${P#*/})) - 5 )) $((2**(32-${P##*/})))', '507 512'],
  ['R=12345; echo $(( ${#R} + 1 ))', '6'],
  ['X=5; echo $((${X:-3}*2)) $((${NOPE:-7} + 1))', '10 8'],
  ['A=(3 4); echo $((${A[1]} + 1)) $((${A[0]%x}))', '5 3'],
  ['V=x1y; echo $((${V//[a-z]/}+1))', '2'],
  ['x=5; echo $(( $(echo $x) + $((x * 2)) ))', '15'],
  ['f() { local q=3; echo $(( $(echo $q) + 1 )); }; f', '4'],
  ['Y=abc10; if (( ${Y#abc} > 9 )); then echo more; else echo less; fi', 'more'],
  ['Y=abc10; (( ${Y#abc} == 9 )) || echo other', 'other'],
  ['i=1; echo $((i++)) $((i += 2)) $i', '1 4 4'],
];

describe('arithmetic', () => {
  test.each(ROWS)('%s', async (script, printed) => {
    const session = createSession({ cloud: newCloud() });
    expect(await session.run(`set -u; ${script}`)).toMatchObject({ stdout: `${printed}\n`, exitCode: 0 });
  });
});
