import { css } from 'lit';

/** Follows the page's fonts and its colour scheme; everything that a site may change is a custom property or part. */
export const styles = css`
  :host {
    display: block;
    position: relative;
    --_background: var(--rerank-popup-background, Canvas);
    --_color: var(--rerank-popup-color, CanvasText);
    --_accent: var(--rerank-link-color, LinkText);
    --_line: color-mix(in srgb, currentColor 50%, transparent);
    --_touch-reach: 8px;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  [part='label'] {
    display: block;
    margin: 0 0 0.375rem;
    font-weight: 600;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  [part='field'] {
    display: flex;
    align-items: center;
    box-sizing: border-box;
    min-height: 2.75rem;
    padding-inline: 0.75rem 0.375rem;
    border: 1px solid color-mix(in srgb, FieldText 55%, Field);
    border-radius: var(--rerank-radius, 0.5rem);
    background: var(--rerank-field-background, Field);
    color: var(--rerank-field-color, FieldText);
  }
  [part='field']:has(input:focus-visible) {
    border-color: var(--_accent);
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  svg {
    flex: none;
    width: 1.125rem;
    height: 1.125rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
  }
  [part='icon'] {
    opacity: 0.7;
  }
  input {
    flex: 1;
    min-width: 0;
    min-height: 2.5rem;
    padding: 0 0.625rem;
    border: 0;
    outline: 0;
    appearance: none;
    background: none;
    color: inherit;
    font: inherit;
    /* iOS zooms into fields with smaller letters. */
    font-size: max(1em, 16px);
  }
  input::placeholder {
    color: color-mix(in srgb, currentColor 70%, transparent);
    opacity: 1;
  }
  input::-webkit-search-cancel-button {
    display: none;
  }
  [part='clear'] {
    display: grid;
    flex: none;
    place-content: center;
    width: 2.25rem;
    height: 2.25rem;
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: 0.375rem;
    background: none;
    color: inherit;
    cursor: pointer;
  }
  [part='clear']:hover {
    background: color-mix(in srgb, currentColor 10%, transparent);
  }
  [part='popup'] {
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
  }
  :host(:not([inline])) [part='popup'] {
    position: fixed;
    inset: auto;
    width: max(var(--_field-width, 0px), var(--rerank-popup-width, 36rem));
    margin: 0;
    padding: 0;
    overflow: hidden;
    border: 1px solid color-mix(in srgb, var(--_color) 25%, var(--_background));
    border-radius: var(--rerank-radius, 0.5rem);
    background: var(--_background);
    color: var(--_color);
    box-shadow: 0 0.5rem 2rem rgb(0 0 0 / 0.2);
  }
  [part='list'] {
    min-height: 0;
    padding: 0.375rem;
    overflow-y: auto;
    overscroll-behavior: contain;
    outline: none;
  }
  :host([inline]) [part='list'] {
    padding: 0;
  }
  [role='option'] {
    display: block;
    min-height: 24px;
    padding: 0.5rem 0.75rem;
    border-radius: calc(var(--rerank-radius, 0.5rem) * 0.75);
    color: inherit;
    overflow-wrap: anywhere;
    text-decoration: none;
    cursor: pointer;
    /* The list scrolls to the active option; its neighbour stays in sight. */
    scroll-margin-block: 1.5rem;
  }
  [role='option']:hover {
    background: color-mix(in srgb, currentColor 7%, transparent);
  }
  [role='option'][aria-selected='true'] {
    background: color-mix(in srgb, var(--_accent) 14%, transparent);
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
  }
  [part='title'] {
    color: var(--_accent);
    font-weight: 600;
  }
  [role='option']:hover [part='title'],
  [role='option'][aria-selected='true'] [part='title'] {
    text-decoration: underline;
    text-decoration-thickness: 0.08em;
    text-underline-offset: 0.15em;
  }
  [part='text'] {
    /* Read in its own direction, at the side where its title is. Chromium knows the prefixed name alone. */
    text-align: -webkit-match-parent;
    text-align: match-parent;
    display: -webkit-box;
    overflow: hidden;
    color: var(--rerank-muted-color, color-mix(in srgb, currentColor 75%, transparent));
    font-size: 0.9375em;
    line-height: 1.45;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  /* Chromium sets the dots of a cut text after it, where a line at the other side has no room. */
  :host(:dir(rtl)) [part='text']:dir(ltr),
  :host(:dir(ltr)) [part='text']:dir(rtl) {
    margin-inline-end: -1em;
    padding-inline-end: 1em;
  }
  :host([inline]) [part='text'] {
    -webkit-line-clamp: none;
  }
  :host([density='compact']) [role='option'] {
    padding-block: 0.25rem;
  }
  :host([density='compact']) [part='text'] {
    -webkit-line-clamp: 1;
  }
  :host([density='compact'][inline]) [part='text'] {
    -webkit-line-clamp: 2;
  }
  [part~='show-all'] {
    color: var(--_accent);
    font-weight: 600;
  }
  [part='scores'] {
    margin-inline-start: 0.5rem;
    color: var(--rerank-muted-color, color-mix(in srgb, currentColor 75%, transparent));
    font-size: 0.8125em;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  [part='status'] {
    flex: none;
    min-height: 1.5em;
    padding: 0.5rem 1.125rem;
    color: var(--rerank-muted-color, color-mix(in srgb, currentColor 75%, transparent));
    font-size: 0.875em;
  }
  [part='progress'] {
    width: 5rem;
    height: 0.5em;
    margin-inline-start: 0.25rem;
    accent-color: var(--_accent);
    vertical-align: baseline;
  }
  [part='list']:not([hidden]) + [part='status'] {
    border-block-start: 1px solid color-mix(in srgb, currentColor 15%, transparent);
  }
  :host([inline]) [part='status'] {
    padding-inline: 0.75rem;
  }
  [part='status'] button {
    min-height: 24px;
    margin-inline-start: 0.25rem;
    padding: 0 0.6em;
    border: 1px solid var(--_line);
    border-radius: 0.4em;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  @media (max-width: 40rem) {
    /* It may begin a line. */
    [part='status'] button {
      margin-inline-start: 0;
    }
  }
  button:focus-visible {
    outline: 2px solid currentColor;
    outline-offset: 2px;
  }
  @media (prefers-contrast: more) {
    :host {
      --_line: currentColor;
    }
    :host(:not([inline])) [part='popup'],
    [part='field'] {
      border-color: currentColor;
    }
    [part='list']:not([hidden]) + [part='status'] {
      border-color: var(--_line);
    }
    [part='text'],
    [part='scores'],
    [part='status'] {
      color: var(--rerank-muted-color, currentColor);
    }
    input::placeholder {
      color: color-mix(in srgb, currentColor 85%, transparent);
    }
  }
  @media (forced-colors: active) {
    [role='option'][aria-selected='true'] {
      outline-color: Highlight;
    }
  }
`;
