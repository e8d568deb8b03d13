import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { hasUncommittedChanges, readBuildInfo } from './build-info.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
}

let head = '';
beforeAll(() => {
  git('init', '--initial-branch', 'feature/one');
  writeFileSync(join(folder, 'file'), '1');
  git('add', '.');
  git('commit', '--message', 'one');
  head = git('rev-parse', 'HEAD');
  writeFileSync(
    join(folder, 'event.json'),
    JSON.stringify({ pull_request: { head: { sha: 'head-of-the-pull-request' } } }),
  );
});

const github = { GITHUB_ACTIONS: 'true', GITHUB_SHA: 'sha', GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '1' };

test.each([
  ['git', {}, () => [head, 'feature/one', undefined]],
  ['GitHub, a push', { ...github, GITHUB_REF: 'refs/heads/feat/x' }, () => ['sha', 'feat/x', undefined]],
  [
    'GitHub, a pull request: not the merge commit',
    {
      ...github,
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_HEAD_REF: 'feat/x',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
    },
    () => ['head-of-the-pull-request', 'feat/x', undefined],
  ],
  ['GitHub, a tag', { ...github, GITHUB_REF: 'refs/tags/v1' }, () => ['sha', undefined, 'tag v1']],
  [
    'GitLab, a merge request',
    {
      GITLAB_CI: 'true',
      CI_COMMIT_SHA: 'merged',
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: 'sha',
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feat/x',
      CI_COMMIT_REF_NAME: 'refs/merge-requests/7/head',
    },
    () => ['sha', 'feat/x', undefined],
  ],
  [
    'GitLab, a tag',
    { GITLAB_CI: 'true', CI_COMMIT_SHA: 'sha', CI_COMMIT_TAG: 'v1', CI_COMMIT_REF_NAME: 'v1' },
    () => ['sha', undefined, 'tag v1'],
  ],
  [
    'Jenkins, a freestyle job',
    { JENKINS_URL: 'http://j', GIT_COMMIT: 'sha', GIT_BRANCH: 'origin/main' },
    () => ['sha', 'main', undefined],
  ],
  [
    'Jenkins, a pull request',
    { JENKINS_URL: 'http://j', GIT_COMMIT: 'sha', BRANCH_NAME: 'PR-7', CHANGE_BRANCH: 'feat/x' },
    () => ['sha', 'feat/x', undefined],
  ],
  [
    'Azure, a pull request: not the merge commit',
    {
      TF_BUILD: 'True',
      BUILD_SOURCEVERSION: 'merged',
      BUILD_SOURCEBRANCH: 'refs/pull/7/merge',
      SYSTEM_PULLREQUEST_SOURCECOMMITID: 'sha',
      SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/feat/x',
    },
    () => ['sha', 'feat/x', undefined],
  ],
] as const)('the commit and the branch of %s', (_, env, expected) => {
  const { commit, branch, notABranch } = readBuildInfo(env, folder);
  expect([commit, branch, notABranch]).toEqual(expected());
});

test('a detached HEAD is not a branch, and changes are reported', () => {
  expect(hasUncommittedChanges(folder)).toBe(false);
  git('checkout', '--detach');
  writeFileSync(join(folder, 'file'), '2');
  expect([readBuildInfo({}, folder).branch, hasUncommittedChanges(folder)]).toEqual([undefined, true]);
});

test('a folder without git', () => {
  expect([readBuildInfo({}, tmpdir()).branch, hasUncommittedChanges(tmpdir())]).toEqual([undefined, false]);
});
