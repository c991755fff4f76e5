import { describe, expect, test } from 'vitest';
import {
  kubectlVersions,
  manifestsDigest,
  OVERLAYS,
  parseObjects,
  readRecording,
  recordedText,
  renderWithKubectl,
} from './recording.ts';

describe('deploy/kubernetes as kubectl renders it', () => {
  test('the recording is of the manifests as they are', () => {
    expect(
      readRecording().manifests,
      'deploy/kubernetes has changed: run "node tests/oracle/kustomize/record.ts" where kubectl is',
    ).toBe(manifestsDigest());
  });

  test.each(OVERLAYS)('%s, where kubectl is installed, is what it renders now', (overlay) => {
    const installed = kubectlVersions();
    const now = installed === null ? recordedText(overlay) : renderWithKubectl(overlay);
    expect(parseObjects(now)).toEqual(parseObjects(recordedText(overlay)));
    expect(parseObjects(now).length).toBeGreaterThan(4);
  });
});
