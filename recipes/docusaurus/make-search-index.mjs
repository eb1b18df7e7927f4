/** Writes a list of all documents with their texts, which the page fetches with the first query. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => {
    const [heading, ...lines] = readFileSync(`docs/${file}`, 'utf8').trim().split('\n');
    return {
      title: heading.replace(/^# /, ''),
      text: lines.join(' ').replaceAll('`', '').trim(),
      url: `/docs/${file.replaceAll('\\', '/').replace(/\.md$/, '')}`,
    };
  });
writeFileSync('static/search-index.json', JSON.stringify(pages));
