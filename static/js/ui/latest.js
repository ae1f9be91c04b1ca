/**
 * A reader of what changes elsewhere. Ask as often as there is news: it reads at once, one read at a time, no more often than
 * every `pauseMs`, and what is asked for during a read is answered by another one after it. So nothing that changed while an
 * answer was on its way is missed, an old answer never comes after a new one, and a storm of news is a few reads.
 *
 * @template T @param {() => Promise<T>} read @param {number} pauseMs @returns {() => Promise<T>} settles as that read does
 */
export function latest(read, pauseMs = 0) {
  let free = Promise.resolve();
  let next = null;
  return () => {
    next ??= free.then(() => {
      next = null;
      const reading = read();
      free = reading.catch(() => undefined).then(() => pauseMs && new Promise((resolve) => setTimeout(resolve, pauseMs)));
      return reading;
    });
    return next;
  };
}
