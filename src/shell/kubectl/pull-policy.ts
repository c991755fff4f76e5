/** `--image-pull-policy`, as kubectl reads it. */
import type { Container } from '../../model/kubernetes/objects.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { Flag, Flags } from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';

export const PULL_POLICY_FLAG: Flag = {
  name: 'image-pull-policy',
  type: { kind: 'string' },
  help: 'The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server.',
};

/** Returns the policy, or null without one. */
export function readPullPolicy(
  flags: Flags,
): Result<NonNullable<Container['imagePullPolicy']> | null, KubectlFailure> {
  const policy = flags.text('image-pull-policy') ?? '';
  switch (policy) {
    case '':
      return ok(null);
    case 'Always':
    case 'IfNotPresent':
    case 'Never':
      return ok(policy);
  }
  return err(clientError(`invalid image pull policy: ${policy}`));
}
