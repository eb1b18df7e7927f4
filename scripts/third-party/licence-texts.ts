/** What is shipped and under which licence: a package, a list of words, a model. */
export interface Notice {
  readonly name: string;
  readonly version?: string;
  /** SPDX identifier. */
  readonly licence: string;
  /** Files of the package that have it inside. */
  readonly files: readonly string[];
  /** The licence with its copyright notices, as its owner wrote it. */
  readonly text: string;
}

/** Licences that ask for no more than their text and their notices. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** Texts of packages that bring none, with the copyright line of their repositories. */
const MISSING_TEXTS: Readonly<Record<string, string>> = {
  '@polka/url': writeMitLicence(
    'Copyright (c) Luke Edwards <luke@lukeed.com> (https://lukeed.com)',
  ),
  'onnxruntime-common': writeMitLicence('Copyright (c) Microsoft Corporation'),
  'onnxruntime-web': writeMitLicence('Copyright (c) Microsoft Corporation'),
  sirv: writeMitLicence('Copyright (c) Luke Edwards <luke@lukeed.com> (https://lukeed.com)'),
};

/**
 * A notice, if it may be shipped.
 *
 * @throws Error if the licence is not one of those that ask for their text alone, or there is no text.
 */
export function checkNotice(
  notice: Omit<Notice, 'licence' | 'text'> & { readonly licence?: string; readonly text?: string },
): Notice {
  const { name, licence, text = MISSING_TEXTS[name] } = notice;
  if (licence === undefined || !ALLOWED.includes(licence)) {
    throw new Error(
      `${name} would be shipped under ${licence ?? 'no licence'}; allowed are ${ALLOWED.join(', ')}.`,
    );
  }
  if (text === undefined) {
    throw new Error(
      `${name} brings no licence text: add it in scripts/third-party/licence-texts.ts.`,
    );
  }
  return { ...notice, licence, text };
}

/**
 * A licence in two parts, so that what many share is printed once: what its owner alone says (copyright, sources), and the terms
 * that all its users have in common.
 */
export function splitLicence(text: string): { notices: string[]; terms: string } {
  const isNotice = (line: string): boolean => /^\W*copyright\b.*(\(c\)|©|\d{4})/i.test(line);
  const isTitle = (line: string): boolean => /^\s*(the )?mit license( \(mit\))?\s*$/i.test(line);
  const [terms = '', ending = '', remarks = ''] = text
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => !isNotice(line) && !isTitle(line))
    .join('\n')
    .split(/(END OF TERMS AND CONDITIONS|DEALINGS IN\s+THE\s+SOFTWARE\.)/);
  const notices = [
    ...text.split('\n').filter((line) => isNotice(line) && !/[[{]yyyy/.test(line)),
    // What follows in Apache's is advice for authors.
    ...(ending.startsWith('END') ? [] : remarks.split('\n')),
  ];
  return {
    notices: notices.map((line) => line.trim()).filter(Boolean),
    terms: (terms + ending).replace(/^\n+|\s+$/g, ''),
  };
}

/** The MIT licence with this copyright line. */
export function writeMitLicence(copyright: string): string {
  return `${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;
}
