/**
 * Works on items one after another in each of `lanes` lanes, which take their next item from one sequence. The first
 * failure ends all. Settles when nothing is in progress any more.
 *
 * @throws What the first failed `work` threw.
 */
export async function runInLanes<TItem>(
  items: Iterable<TItem>,
  lanes: number,
  work: (item: TItem) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let firstFailure: Promise<void> | undefined;
  const runLane = async (): Promise<void> => {
    while (!firstFailure) {
      const next = queue.next();
      if (next.done === true) return;
      const working = work(next.value);
      try {
        await working;
      } catch {
        firstFailure ??= working;
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  await firstFailure;
}
