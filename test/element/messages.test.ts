import { readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { createFormats } from '../../src/element/formats.ts';
import { addMessages, addTranslation, chooseMessages } from '../../src/element/languages.ts';
import { makeEnglish, type Messages } from '../../src/element/messages.ts';
import '../../src/locales/index.ts';

const languages = [
  'en',
  ...readdirSync('src/locales')
    .filter((file) => file !== 'index.ts')
    .map((file) => Intl.getCanonicalLocales(file.replace('.ts', ''))[0] ?? ''),
];
const english = makeEnglish(createFormats('en'));
const names = Object.keys(english) as (keyof Messages)[];

/** The words of a place with this language. */
function wordsFor(language: string): Messages {
  const entries = Object.entries(chooseMessages(language)) as [string, { message: unknown }][];
  return Object.fromEntries(entries.map(([name, { message }]) => [name, message])) as never;
}

/** The languages that the words of a place come from. */
function languagesFor(language: string): string[] {
  return [...new Set(names.map((name) => chooseMessages(language)[name].language))];
}

/** What is given to words that take no numbers. */
const examples: Partial<Record<keyof Messages, readonly unknown[]>> = {
  noResults: ['disk full'],
  raisedBy: [['disk'], ['disk', 'full']],
  loweredBy: [['disk'], ['disk', 'full', 'what']],
};

/** A text without spaces that do not break. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe.each(languages)('the language %s', (language) => {
  const words = wordsFor(language);
  const { number, score, megabytes } = createFormats(language);

  it('has every word', () => {
    expect(languagesFor(language)).toEqual([language]);
    expect(Object.keys(words).sort()).toEqual([...names].sort());
  });

  it.each(names)('says something with `%s`, whatever the count', (name) => {
    const word = words[name] as string | ((...values: readonly unknown[]) => string);
    const texts =
      typeof word === 'string'
        ? [word]
        : name in examples
          ? (examples[name] ?? []).map((value) => word(value))
          : [0, 1, 2, 3, 11, 100, 1000].map((count) => word(count, count));
    for (const text of texts) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/undefined|NaN|null|#|\[object|\s{2}|\s[.,]/);
    }
  });

  it('repeats the numbers, the query and the words that it is given', () => {
    for (const name of ['firstStage', 'reranking', 'reranked', 'rerankFailed'] as const) {
      expect(words[name](15, 2000)).toContain(number(15));
      expect(words[name](15, 2000)).toContain(number(2000));
      expect(words[name](2000, 2000)).toContain(number(2000));
    }
    for (const name of ['mayImprove', 'crashed', 'rerankedInTime'] as const) {
      expect(words[name](15, 2000)).toContain(number(15));
      expect(words[name](15, 2000)).toContain(number(2000));
    }
    for (const name of ['showAll', 'choiceLog', 'movedUp', 'movedDown'] as const) {
      expect(words[name](2000)).toContain(number(2000));
    }
    expect(words.noResults('disk full')).toContain('disk full');
    for (const name of ['raisedBy', 'loweredBy'] as const) {
      const text = words[name](['disk', 'c#', 'full']);
      for (const word of ['disk', 'c#', 'full']) expect(text).toContain(word);
    }
    expect(words.loadModel(11_400_000)).toContain(megabytes(11_000_000));
    expect(words.score(0.934)).toContain(score(0.93));
  });

  it('is not English', () => {
    const same = names.filter((name) => {
      const [word, inEnglish] = [words[name], english[name]];
      return typeof word === 'string' && word === inEnglish;
    });
    expect(same).toEqual(
      language === 'en' ? names.filter((name) => typeof english[name] === 'string') : [],
    );
  });
});

/** What is said of these numbers of results. */
const counted = (language: string, ...counts: readonly number[]): string[] =>
  counts.map((count) => plain(wordsFor(language).firstStage(count, count)));

describe('plural forms', () => {
  test('English has two', () => {
    expect(counted('en', 0, 1, 2, 1000)).toEqual([
      '0 results.',
      '1 result.',
      '2 results.',
      '1,000 results.',
    ]);
  });

  test('Arabic has six', () => {
    const digits = (count: number): string => new Intl.NumberFormat('ar').format(count);
    expect(counted('ar', 0, 1, 2, 3, 11, 100)).toEqual([
      'لا نتائج.',
      'نتيجة واحدة.',
      'نتيجتان.',
      `${digits(3)} نتائج.`,
      `${digits(11)} نتيجة.`,
      `${digits(100)} نتيجة.`,
    ]);
    expect(wordsFor('ar').firstStage(1, 2)).toBe(`${digits(1)} من أصل نتيجتين.`);
    expect([2, 3, 11, 100].map((count) => wordsFor('ar').choiceLog(count))).toEqual([
      expect.stringContaining('اختياران'),
      expect.stringContaining('اختيارات.'),
      expect.stringContaining('اختيارًا'),
      expect.stringMatching(/اختيار\.$/),
    ]);
  });

  test('Hebrew has three', () => {
    expect(counted('he', 1, 2, 3, 20)).toEqual([
      'תוצאה אחת.',
      'שתי תוצאות.',
      '3 תוצאות.',
      '20 תוצאות.',
    ]);
  });

  test('Brazilian Portuguese and French count none in the singular, European Portuguese does not', () => {
    expect(counted('pt', 0, 1, 2)).toEqual(['0 resultado.', '1 resultado.', '2 resultados.']);
    expect(counted('pt-PT', 0, 1, 2)).toEqual(['0 resultados.', '1 resultado.', '2 resultados.']);
    expect(counted('fr', 0, 1, 2)).toEqual(['0 résultat.', '1 résultat.', '2 résultats.']);
  });

  test('Japanese, Chinese and Korean have one', () => {
    expect(counted('ja', 1, 2)).toEqual(['検索結果 1 件。', '検索結果 2 件。']);
    expect(counted('zh', 1, 2)).toEqual(['1 条结果。', '2 条结果。']);
    expect(counted('ko', 1, 2)).toEqual(['검색 결과 1개.', '검색 결과 2개.']);
  });

  test('verbs go with the number of words', () => {
    const { raisedBy } = wordsFor('de');
    expect(raisedBy(['voll'])).toBe('„voll“ hat die Relevanz am meisten erhöht.');
    expect(raisedBy(['Platte', 'voll'])).toBe(
      '„Platte“ und „voll“ haben die Relevanz am meisten erhöht.',
    );
  });

  test('German has the case that its sentence needs', () => {
    expect(wordsFor('de').firstStage(10, 10)).toBe('10 Ergebnisse.');
    expect(wordsFor('de').firstStage(3, 10)).toBe('3 von 10 Ergebnissen.');
  });
});

test('numbers are written as in the region of the page', () => {
  expect(wordsFor('es').score(0.5)).toBe('Relevancia 0,50');
  expect(wordsFor('es-MX').score(0.5)).toBe('Relevancia 0.50');
  expect(plain(wordsFor('fr').loadModel(11_300_000))).toContain('11 Mo');
  expect(wordsFor('en').loadModel(11_300_000)).toContain('11 MB');
  expect(wordsFor('en').loadModel(1)).toContain('1 MB');
});

describe('the choice of words', () => {
  it.each([
    ['de-AT', 'de'],
    ['pt-BR', 'pt'],
    ['PT-br', 'pt'],
    ['ar-EG-u-nu-latn', 'ar'],
    ['iw', 'he'],
    ['zh-CN', 'zh'],
    ['zh-SG', 'zh'],
    ['zh-TW', 'zh-Hant'],
    ['zh-Hant-HK', 'zh-Hant'],
    ['fi', 'en'],
    ['', 'en'],
    ['english_US', 'en'],
  ])('takes for %j those of %s', (language, expected) => {
    expect(languagesFor(language)).toEqual([expected]);
  });

  it('falls back word by word, from the region to the language to English', () => {
    addMessages('fi', { search: 'Haku', retry: 'Yritä uudelleen' });
    addMessages('fi-FI', { retry: 'Uudestaan' });
    const chosen = chooseMessages('fi-FI');
    expect(chosen.retry).toEqual({ message: 'Uudestaan', language: 'fi-FI' });
    expect(chosen.search).toEqual({ message: 'Haku', language: 'fi' });
    expect(chosen.held).toEqual({ message: english.held, language: 'en' });
    expect(wordsFor('fi').retry).toBe('Yritä uudelleen');
  });

  it('puts a script between a language and a region that writes it', () => {
    addMessages('sr-Latn', { search: 'Pretraga' });
    expect(wordsFor('sr-ME').search).toBe('Pretraga');
    expect(wordsFor('sr').search).toBe(english.search);
  });
});

describe('words that a site adds', () => {
  it('change single words, the last call for each', () => {
    addMessages('ja', { search: 'サイト内検索', retry: 'もう一度' });
    addMessages('ja', { retry: 'やり直す', search: undefined } as unknown as Partial<Messages>);
    const { search, retry, held } = wordsFor('ja-JP');
    expect([search, retry]).toEqual(['サイト内検索', 'やり直す']);
    expect(held).toContain('並び順');
  });

  it('stand before a translation that comes later', () => {
    addMessages('nl', { search: 'Zoek in het handboek' });
    addTranslation('nl', makeEnglish);
    expect(wordsFor('nl').search).toBe('Zoek in het handboek');
    expect(languagesFor('nl')).toEqual(['nl']);
  });

  it('may be made with the plural forms and numbers of the language, in the way of the region', () => {
    addMessages('pl', ({ plural, score }) => ({
      showAll: (count) =>
        plural(count, { one: '# wynik', few: '# wyniki', many: '# wyników', other: '# wyniku' }),
      score: (value) => `Trafność ${score(value)}`,
    }));
    const { showAll, score } = wordsFor('pl-PL');
    expect([1, 3, 5].map(showAll)).toEqual(['1 wynik', '3 wyniki', '5 wyników']);
    expect(score(0.5)).toBe('Trafność 0,50');
  });

  it.each(['', 'de_DE', 'deutsch!', 42, undefined])(
    'are refused for %j, which is no language tag',
    (language) => {
      expect(() => addMessages(language as string, { search: 'Suche' })).toThrow(
        expect.objectContaining({
          code: 'invalid-input',
          message: expect.stringContaining('language') as string,
        }) as Error,
      );
    },
  );

  it.each([
    [{ serach: 'Suche' }, 'serach'],
    [{ search: 42 }, 'messages.search'],
    [{ search: () => 'Suche' }, 'messages.search'],
    [{ showAll: 'Alle' }, 'messages.showAll'],
    [() => ({ retry: true }), 'messages.retry'],
    [null, 'messages'],
    ['Suche', 'messages'],
  ])('are refused as %j', (messages, named) => {
    expect(() => addMessages('de', messages as Partial<Messages>)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.stringContaining(named) as string,
      }) as Error,
    );
    expect(wordsFor('de').search).toBe('Suche');
  });
});
