/** One subcommand of `rerank-results`, a module of its own that is loaded when it is called. */
export interface Command {
  /** Printed by `--help` and where the arguments are wrong. Ends with a line break. */
  readonly usage: string;
  /**
   * @param args What stands after the command's name.
   * @returns The exit status, where it is not 0.
   * @throws UsageError where the arguments are wrong; any other error is printed by its message.
   */
  run(args: string[]): Promise<number | undefined>;
}

/** The arguments are wrong: the command's usage is printed below the message, and the exit status is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
