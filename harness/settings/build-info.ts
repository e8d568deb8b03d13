import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import envCi from 'env-ci';

import type { Environment } from '../io.ts';

/** The commit that is checked out, according to the pipeline or git. Members are undefined if neither knows them. */
export interface BuildInfo {
  /** The head commit of a pull request, not the merge commit of the pipeline. */
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  /** A tag, a detached HEAD or the number of a pull request, which was found instead of a branch. */
  readonly notABranch: string | undefined;
  readonly buildUrl: string | undefined;
}

export function readBuildInfo(env: Environment, folder: string): BuildInfo {
  const found = envCi({ env, cwd: folder });
  const own = checkouts.find(({ isThis }) => isThis(env))?.read(env) ?? {};
  const ref = own.ref ?? (('prBranch' in found && found.prBranch) || found.branch);
  return {
    commit: own.commit ?? found.commit,
    ...branchIn(ref),
    buildUrl: 'buildUrl' in found ? found.buildUrl : undefined,
  };
}

interface Checkout {
  readonly ref?: string | undefined;
  readonly commit?: string | undefined;
}

/** env-ci returns merge commits, tags and numbers of pull requests for these services. An empty variable counts as absent. */
const checkouts: readonly { isThis(env: Environment): boolean; read(env: Environment): Checkout }[] = [
  {
    isThis: ({ GITHUB_ACTIONS }) => GITHUB_ACTIONS === 'true',
    read: ({ GITHUB_HEAD_REF: head, GITHUB_REF: ref, GITHUB_EVENT_PATH: event, GITHUB_SHA: commit }) =>
      head ? { ref: head, commit: headCommitIn(event) ?? commit } : { ref, commit },
  },
  {
    isThis: ({ GITLAB_CI }) => GITLAB_CI === 'true',
    read: (env) => ({
      ref:
        (env['CI_COMMIT_TAG'] && `refs/tags/${env['CI_COMMIT_TAG']}`) ||
        env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'] ||
        env['CI_COMMIT_REF_NAME'],
      commit: env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] || env['CI_COMMIT_SHA'],
    }),
  },
  {
    isThis: ({ JENKINS_URL }) => Boolean(JENKINS_URL),
    read: (env) => ({
      ref:
        (env['TAG_NAME'] && `refs/tags/${env['TAG_NAME']}`) ||
        env['CHANGE_BRANCH'] ||
        env['BRANCH_NAME'] ||
        env['GIT_BRANCH'],
      commit: env['GIT_COMMIT'] || undefined,
    }),
  },
  {
    isThis: ({ TF_BUILD }) => /^true$/i.test(TF_BUILD ?? ''),
    read: (env) => ({
      ref: env['SYSTEM_PULLREQUEST_SOURCEBRANCH'] || env['BUILD_SOURCEBRANCH'],
      commit: env['SYSTEM_PULLREQUEST_SOURCECOMMITID'] || env['BUILD_SOURCEVERSION'],
    }),
  },
];

/** The head commit in the event of a pull request. GITHUB_SHA is a merge commit there. */
function headCommitIn(event: string | undefined): string | undefined {
  try {
    const { pull_request: request } = JSON.parse(readFileSync(event ?? '', 'utf8')) as {
      pull_request?: { head?: { sha?: string } };
    };
    return request?.head?.sha;
  } catch {
    return undefined;
  }
}

function branchIn(ref: string | undefined): Pick<BuildInfo, 'branch' | 'notABranch'> {
  if (!ref) return { branch: undefined, notABranch: undefined };
  const isBranch = !/^(HEAD|PR-\d+|refs\/(tags|pull|merge-requests)\/.*)$/.test(ref);
  return isBranch
    ? {
        branch: ref.replace(/^refs\/heads\//, '').replace(/^(remotes\/)?origin\//, ''),
        notABranch: undefined,
      }
    : { branch: undefined, notABranch: ref.replace(/^refs\/tags\//, 'tag ') };
}

/** Whether git reports changes that the commit does not contain. False without git. */
export function hasUncommittedChanges(folder: string): boolean {
  try {
    const status = execFileSync('git', ['status', '--porcelain', '--untracked-files=no'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return status !== '';
  } catch {
    return false;
  }
}
