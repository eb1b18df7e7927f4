import { RerankError } from '../shared/errors.ts';

/** Headers that carry a key. */
const KEY_HEADERS = [
  'authorization',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'ocp-apim-subscription-key',
];

/**
 * Refuses a key that a page would send to another origin: every reader could take it out of the page. To the page's own origin such a
 * header may be the reader's session, and on this machine there is nobody to take it.
 *
 * @param headers Names in small letters.
 * @throws RerankError `invalid-input` naming the header.
 */
export function refuseExposedKey(url: URL, headers: Readonly<Record<string, string>>): void {
  // Node has no location: there a key is on the site's own server.
  const origin = findLocation()?.origin;
  if (origin === undefined || url.origin === origin || isLoopback(url)) return;
  const name = KEY_HEADERS.find((header) => header in headers);
  if (name === undefined) return;
  throw new RerankError(
    'invalid-input',
    `The header ${name} must not be sent to ${url.origin} from a page: every reader could take the key out of it. Let a path of your own server add it.`,
    { argument: 'headers', header: name },
  );
}

/** Where this page or worker was loaded from; undefined in Node. */
export function findLocation(): Location | undefined {
  return (globalThis as { readonly location?: Location }).location;
}

function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
