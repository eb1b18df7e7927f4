import { css } from 'lit';

/** Follows the page's fonts and colours; everything that a site may change is a custom property or part. */
export const styles = css`
  :host {
    display: block;
    --_muted: var(--rerank-muted-color, color-mix(in srgb, currentColor 68%, transparent));
  }
  :host([hidden]) {
    display: none;
  }
  ol {
    display: grid;
    gap: var(--rerank-gap, 1.25rem);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    min-width: 0;
  }
  [part='link'] {
    color: var(--rerank-link-color, LinkText);
    font-weight: 600;
    overflow-wrap: anywhere;
    text-decoration-thickness: 0.08em;
    text-underline-offset: 0.15em;
  }
  [part='link']:focus-visible,
  button:focus-visible {
    outline: 2px solid currentColor;
    outline-offset: 2px;
  }
  [part='text'] {
    /* Read in its own direction, at the side where its title is. */
    text-align: match-parent;
    margin: 0.25rem 0 0;
    color: var(--_muted);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  mark {
    background: var(--rerank-mark-background, color-mix(in srgb, gold 20%, transparent));
    color: inherit;
    font-weight: 600;
    border-radius: 0.15em;
  }
  [part='sentence'] {
    background: var(--rerank-mark-background, color-mix(in srgb, gold 20%, transparent));
    border-radius: 0.15em;
    -webkit-box-decoration-break: clone;
    box-decoration-break: clone;

    /* The words in it stand out by their weight. */
    & mark {
      background: none;
    }
  }
  [part='scores'] {
    margin-inline-start: 0.5rem;
    color: var(--_muted);
    font-size: 0.8125em;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  [part='status'] {
    min-height: 1.5em;
    margin: 0 0 0.75rem;
    color: var(--_muted);
    font-size: 0.875em;
  }
  [part='status']:focus {
    outline: none;
  }
  [part='show-all'] {
    margin: 1.25rem 0 0;
  }
  .announcement {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button {
    min-height: 24px;
    margin-inline-start: 0.25rem;
    padding: 0 0.6em;
    border: 1px solid var(--_muted);
    border-radius: 0.4em;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
`;
