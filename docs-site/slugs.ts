/**
 * Makes anchors of headings as GitHub does, so that a link works there and on the site: small letters, spaces as dashes, no
 * punctuation; a second one of the same text gets `-1`. One maker serves one page.
 */
export function createSlugger(): (heading: string) => string {
  const counts = new Map<string, number>();
  return (heading) => {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  };
}
