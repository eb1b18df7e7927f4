import { RerankLog } from './element/rerank-log.ts';

export { RerankLog };
export type { LoggedChoice } from './element/choice-log.ts';
export type { Formats, PluralForms } from './element/formats.ts';
export { addMessages, type MessagesInput } from './element/languages.ts';
export type { Messages } from './element/messages.ts';

// A server that renders pages imports this too, and has no elements. A second copy of the library on the page leaves the
// first one's element in place.
if (typeof document !== 'undefined' && !customElements.get('rerank-log')) {
  customElements.define('rerank-log', RerankLog);
}
