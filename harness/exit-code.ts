/** The exit codes that pipelines rely on. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, incomplete: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
