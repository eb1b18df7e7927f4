import MiniSearch from 'minisearch';
import pages from '../../pages.json';

const index = new MiniSearch({
  fields: ['title', 'text'],
  storeFields: ['title', 'text', 'url'],
  idField: 'url',
});
index.addAll(pages);

export function GET(request: Request) {
  const { searchParams } = new URL(request.url);
  const limit = Number(searchParams.get('limit') ?? 50);
  const found = index.search(searchParams.get('q') ?? '', { prefix: true });
  return Response.json(found.slice(0, limit).map(({ title, text, url }) => ({ title, text, url })));
}
