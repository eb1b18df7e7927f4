import { describe, expect, it } from 'vitest';
import { findBrokenLinks, linkGuides, resolveLink } from '../../docs-site/links.ts';
import { renderMarkdown } from '../../docs-site/markdown.ts';
import type { PageSource } from '../../docs-site/site-map.ts';

describe('a page of Markdown', () => {
  it('gives headings the anchors that GitHub gives, and those that they name', () => {
    const { headings, html } = renderMarkdown(
      '# `<rerank-log>`\n\n## What it costs, and what it brings\n\n## Twice\n\n## Twice\n\n### Own {#Own.name}\n',
    );
    expect(headings).toEqual([
      { level: 1, id: 'rerank-log', text: '<rerank-log>' },
      {
        level: 2,
        id: 'what-it-costs-and-what-it-brings',
        text: 'What it costs, and what it brings',
      },
      { level: 2, id: 'twice', text: 'Twice' },
      { level: 2, id: 'twice-1', text: 'Twice' },
      { level: 3, id: 'Own.name', text: 'Own' },
    ]);
    expect(html).not.toContain('{#');
  });

  it('has nothing that a strict policy refuses, and no HTML of its writer', () => {
    const { html } = renderMarkdown(
      '# T\n\n<!-- for writers -->\n\n<img src=x onerror=alert(1)>\n\nA <b>word</b>.\n\n| a | b |\n| - | -: |\n| 1 | 2 |\n',
    );
    expect(html).not.toMatch(/style=|<img|<b>|for writers/);
    expect(html).toContain('<td class="number">2</td>');
  });

  it('may have an image with another one for dark pages, with its size', () => {
    const { html } = renderMarkdown(
      '<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="docs/a.webp">\n  <img src="docs/b.webp" alt="B">\n</picture>\n\n![C](docs/c.png)\n',
      {
        resolveLink: (href) => href.replace('docs/', 'images/'),
        measureImage: (href) => ({ width: 3, height: href.length }),
      },
    );
    expect(html).toContain(
      '<source media="(prefers-color-scheme: dark)" srcset="images/a.webp">\n  <img width="3" height="11" src="images/b.webp" alt="B">',
    );
    expect(html).toContain('<img src="images/c.png" alt="C" width="3" height="10" loading="lazy">');
  });

  it('links the names that are known in TypeScript, and escapes the rest of a code block', () => {
    const { html } = renderMarkdown('```ts\nfind(x: Known<"a">): Other;\n```\n', {
      names: new Map([['Known', 'api.html#Known']]),
    });
    expect(html).toContain('<a href="api.html#Known">Known</a>&lt;');
    expect(html).toContain('Other');
    expect(html).not.toContain('>Other<');
  });

  it('is split into sections for the search, each with the headings that lead to it', () => {
    const { sections } = renderMarkdown(
      '# Guide\n\nFirst.\n\n## One\n\n- a `b`\n- c\n\n### Deep\n\n| key | what |\n| --- | --- |\n| x | does y |\n\n## Two\n\n```js\ncode();\n```\n',
    );
    expect(sections).toEqual([
      { id: 'guide', path: ['Guide'], text: 'First.' },
      { id: 'one', path: ['Guide', 'One'], text: 'a b. c.' },
      { id: 'deep', path: ['Guide', 'One', 'Deep'], text: 'x, does y.' },
      { id: 'two', path: ['Guide', 'Two'], text: '' },
    ]);
  });
});

describe('links', () => {
  const page = (origin: string, path: string): PageSource => ({
    origin,
    path,
    group: 'Start',
    markdown: '',
  });
  const readme = page('README.md', 'index.html');
  const guide = page('docs/privacy.md', 'privacy.html');
  const decision = page('docs/decisions/0003-kernels.md', 'decisions/0003-kernels.html');
  const sources = [readme, guide, decision];
  const images: string[] = [];
  const context = { sources, useImage: (path: string) => images.push(path) };

  it('lead from page to page, relative to the page that they are on', () => {
    expect(resolveLink('docs/privacy.md#a', readme, context)).toBe('privacy.html#a');
    expect(resolveLink('../README.md', guide, context)).toBe('index.html');
    expect(resolveLink('../privacy.md', decision, context)).toBe('../privacy.html');
    expect(resolveLink('#here', guide, context)).toBe('#here');
    expect(resolveLink('https://example.org/a.md', guide, context)).toBe(
      'https://example.org/a.md',
    );
  });

  it('to other files of the repository are text, or lead to where the repository is', () => {
    const repository = 'https://example.org/r/blob/main';
    expect(resolveLink('../LICENSE', guide, context)).toBeUndefined();
    expect(resolveLink('../LICENSE', guide, { ...context, repository })).toBe(
      `${repository}/LICENSE`,
    );
    expect(resolveLink('images/judge.png', guide, context)).toBe('images/judge.png');
    expect(images).toEqual(['docs/images/judge.png']);
    expect(() => resolveLink('nowhere.md', guide, context)).toThrow(
      'docs/privacy.md links to nowhere.md',
    );
  });

  it('to guides that a docstring names by their path are made', () => {
    expect(linkGuides('It is told (docs/after-reranking.md), see `docs/quality.md`.')).toBe(
      'It is told ([after reranking](../after-reranking.md)), see [quality](../quality.md).',
    );
  });

  it('that lead nowhere are found, with their page', () => {
    const pages = [
      { path: 'index.html', html: '<a href="a/b.html#there">x</a><a href="a/b.html#gone">x</a>' },
      {
        path: 'a/b.html',
        html: '<h2 id="there"><img src="../no.png"><a href="../index.html">x</a>',
      },
    ];
    expect(findBrokenLinks(pages, new Set(['site.css']))).toEqual([
      'index.html: a/b.html#gone has no such anchor',
      'a/b.html: ../no.png is not there',
    ]);
  });
});
