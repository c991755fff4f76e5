import { expect, test } from 'vitest';
import { isUnfinished } from '../../../src/shell/unfinished-source.ts';

test.each([
  'echo a',
  'echo "a b" \'c\'',
  "on vm 'cat > f <<UNIT\nx \"\nUNIT\nsystemctl start f'",
  'on vm "cat > f <<\'PEM\'\n$CA\nPEM\nupdate-ca-certificates"',
  "cat <<A\nit's\nA",
  'cat <<A\nA\n',
  "cat <<'A' > f\n$(open\n\"\nA\necho b",
  'cat <<-A\n\tx\n\tA',
  'cat <<A; cat <<B\n1\nA\n2\nB',
  'cat <<<"x"',
  'echo $((1 << 2))',
  '(( x = 1 << 2 ))',
  'echo "$(echo "a b")" $(echo \')\')',
  "x=$(cat <<A\nit's )\nA\n)",
  'if true; then echo a; fi',
  'f() {\n echo "{"\n}',
  "echo it\\'s",
  "echo a # it's",
  'echo a#"b"',
  'for i in 1 2; do echo "$i"; done | cat',
  'echo "a \\" b"',
  'echo ${x:-"}"}',
])('whole: %s', (source) => {
  expect(isUnfinished(source)).toBe(false);
});

test.each([
  "echo 'a",
  'echo "a',
  'echo a \\',
  'echo a |',
  'echo a &&',
  'true ||',
  'cat <<A',
  'cat <<A\nx',
  'cat <<A\n A',
  'cat <<A; cat <<B\n1\nA\n2',
  "on vm 'cat > f <<UNIT\nx\nUNIT",
  'x=$(echo a',
  'x=$(cat <<A\nx\nA',
  'echo "$(echo "a',
  'if true; then echo a',
  'for i in 1 2; do',
  'f() {',
  'case $x in',
])('goes on: %s', (source) => {
  expect(isUnfinished(source)).toBe(true);
});
