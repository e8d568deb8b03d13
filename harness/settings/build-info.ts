import envCi from 'env-ci';

type Env = Readonly<Record<string, string | undefined>>;

/** What the pipeline or git says of the commit that is checked out; undefined where neither knows. */
export interface BuildInfo {
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly buildUrl: string | undefined;
}

export function readBuildInfo(env: Env, folder: string): BuildInfo {
  const found = envCi({ env, cwd: folder });
  return {
    commit: found.commit,
    branch: ('prBranch' in found && found.prBranch) || found.branch,
    buildUrl: 'buildUrl' in found ? found.buildUrl : undefined,
  };
}
