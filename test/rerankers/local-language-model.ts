/**
 * A small implementation of the Prompt API's interface (https://webmachinelearning.github.io/prompt-api/), since the Chromium of these tests has no language
 * model: sessions, copies of them, a context that fills up, availability, and errors as the draft names them. What it answers is each test's.
 */
export interface LocalModelOptions {
  /** The answer to a prompt with these documents' texts. */
  readonly answer: (texts: readonly string[], prompt: string) => string | Promise<string>;
  readonly availability?: string;
  /** Tokens; a token has four characters. */
  readonly contextWindow?: number;
  /** Whether sessions can count tokens before a prompt. */
  readonly measures?: boolean;
}

/** What stands for `LanguageModel`, and what was asked of it. */
export interface LocalModel {
  readonly api: object;
  readonly prompts: string[];
  readonly creations: { readonly initialPrompts: readonly { readonly content: string }[] }[];
  readonly sessions: { open: number };
  readonly schemas: unknown[];
}

/** Makes one. */
export function createLocalModel({
  answer,
  availability = 'available',
  contextWindow = 4096,
  measures = true,
}: LocalModelOptions): LocalModel {
  const prompts: string[] = [];
  const schemas: unknown[] = [];
  const creations: LocalModel['creations'] = [];
  const sessions = { open: 0 };
  const count = (text: string): number => Math.ceil(text.length / 4);

  const openSession = (used: number): object => {
    sessions.open += 1;
    let isOpen = true;
    return {
      contextWindow,
      contextUsage: used,
      ...(measures && { measureContextUsage: (text: string) => Promise.resolve(count(text)) }),
      clone: () => Promise.resolve(openSession(used)),
      destroy: () => {
        if (isOpen) sessions.open -= 1;
        isOpen = false;
      },
      prompt: async (
        text: string,
        { signal, responseConstraint }: { signal: AbortSignal; responseConstraint: unknown },
      ) => {
        signal.throwIfAborted();
        if (used + count(text) > contextWindow) {
          throw Object.assign(new Error('Too long.'), { name: 'QuotaExceededError' });
        }
        prompts.push(text);
        schemas.push(responseConstraint);
        return Promise.race([
          answer(readTexts(text), text),
          new Promise<never>((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          ),
        ]);
      },
    };
  };

  return {
    prompts,
    schemas,
    creations,
    sessions,
    api: {
      availability: () => Promise.resolve(availability),
      create: (options: LocalModel['creations'][number] & CreateMonitor) => {
        creations.push(options);
        const monitor = new EventTarget();
        options.monitor(monitor);
        for (const loaded of [0, 0.5, 1]) {
          monitor.dispatchEvent(Object.assign(new Event('downloadprogress'), { loaded }));
        }
        const system = options.initialPrompts.map(({ content }) => content).join('');
        return Promise.resolve(openSession(count(system)));
      },
    },
  };
}

interface CreateMonitor {
  readonly monitor: (monitor: EventTarget) => void;
}

/** The documents of a prompt: each is a JSON object in a line of its own. */
function readTexts(prompt: string): string[] {
  return prompt
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { text: string }).text);
}
