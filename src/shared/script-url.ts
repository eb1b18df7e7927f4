/** What this library uses of `trustedTypes`, which not every browser has. */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => unknown };
}

let policy: ReturnType<PolicyFactory['createPolicy']> | undefined;

/**
 * A worker's URL in the form that `new Worker` takes where a Content-Security-Policy requires Trusted Types. The policy's name is
 * `rerank-results`; it is made when the first worker starts. Only URLs of the page's own origin pass it: markup that somebody smuggled in must not
 * name another script.
 *
 * @throws TypeError where the policy is used and the URL is of another origin.
 */
export function toWorkerUrl(url: string | URL): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory };
  if (!trustedTypes) return String(url);
  try {
    policy ??= trustedTypes.createPolicy('rerank-results', { createScriptURL: requireSameOrigin });
  } catch {
    // The site's list has not this name: the browser, or the site's default policy, decides.
    return String(url);
  }
  // A TrustedScriptURL, which `new Worker` takes as a text.
  return policy.createScriptURL(String(url)) as string;
}

function requireSameOrigin(text: string): string {
  if (new URL(text, location.href).origin === location.origin) return text;
  throw new TypeError(`A worker must be of the page's own origin, not ${text.slice(0, 100)}`);
}
