/** Base64 of as many bytes as each algorithm gives. */
const FORMS = /^(?:sha256-[A-Za-z0-9+/]{43}=|sha384-[A-Za-z0-9+/]{64}|sha512-[A-Za-z0-9+/]{86}==)$/;

/**
 * Whether a value is one hash in the form of Subresource Integrity: `sha256-`, `sha384-` or `sha512-` and the hash in
 * base64. Browsers ignore what they cannot read there; here it is an error, so that a slip never means "unchecked".
 */
export function isIntegrity(value: unknown): value is string {
  return typeof value === 'string' && FORMS.test(value);
}
