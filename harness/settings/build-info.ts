import envCi from 'env-ci';

/** The commit that is checked out, according to the pipeline or git. Members are undefined if neither knows them. */
export interface BuildInfo {
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly buildUrl: string | undefined;
}

export function readBuildInfo(env: Readonly<Record<string, string | undefined>>, folder: string): BuildInfo {
  const found = envCi({ env, cwd: folder });
  return {
    commit: found.commit,
    branch: ('prBranch' in found && found.prBranch) || found.branch,
    buildUrl: 'buildUrl' in found ? found.buildUrl : undefined,
  };
}
