/* global document, fetch, scrollTo, window */
/**
 * The page of `rerank-results judge`: one document at a time, and a grade for it. What it shows it sets
 * as text, never as markup.
 */

/**
 * @typedef {{ id: string, text: string, graded: number, documents: number | null }} Query
 * @typedef {{ id: string, title: string, text: string, url?: string, grade: number | null }} Shown
 * @typedef {{ query: number, position: number, grade: number | null }} Done
 */

export {};

const words = ['not relevant', 'touches on it', 'answers in part', 'answers it'];

/** @type {Query[]} */
let queries = [];
/** The query that is shown, and its documents. */
let query = 0;
/** @type {Shown[]} */
let documents = [];
let position = 0;
/** Grades of this visit, for undo. @type {Done[]} */
const done = [];
/** One thing at a time: a key that is held down must not grade what was not yet shown. */
let isBusy = false;
/** Whether the closing words are shown. */
let isAtEnd = false;

/** @param {string} id */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const gradeButtons = /** @type {HTMLButtonElement[]} */ ([
  ...document.querySelectorAll('[data-grade]'),
]);

/**
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(path, body) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, {
      ...(body && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  } catch {
    throw new Error(
      'The command does not answer. Start it again with the same --out, and open the address that it prints: every grade so far is kept.',
    );
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** @param {string} text */
function say(text) {
  find('status').textContent = text;
}

/** @param {() => Promise<void>} work */
async function exclusively(work) {
  if (isBusy) return;
  isBusy = true;
  try {
    await work();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  } finally {
    isBusy = false;
  }
}

/**
 * Shows a query's documents, from the given place; a negative one counts from the end.
 * @param {number} index
 * @param {number | 'first ungraded'} place
 */
async function openQuery(index, place) {
  const next = queries[index];
  if (!next) return;
  query = index;
  documents = [];
  find('query').textContent = next.text;
  showMessage(['Searching, and asking the model …'], false);
  try {
    documents = (await ask(`api/queries/${index}`)).documents;
  } catch (error) {
    showMessage([
      error instanceof Error ? error.message : String(error),
      'Next goes to the next query.',
    ]);
    return;
  }
  next.documents = documents.length;
  position = 0;
  if (documents.length === 0) {
    showMessage(['The search finds nothing for this query. Next goes to the next one.']);
    return;
  }
  const ungraded = documents.findIndex(({ grade }) => grade === null);
  const wanted = place === 'first ungraded' ? Math.max(0, ungraded) : place;
  showDocument(wanted < 0 ? documents.length + wanted : wanted);
}

/** @param {number} place */
function showDocument(place) {
  isAtEnd = false;
  position = place;
  const shown = documents[position];
  if (!shown) return;
  find('message').hidden = true;
  find('title').textContent = shown.title || 'Without a title';
  const link = /** @type {HTMLAnchorElement} */ (find('address').querySelector('a'));
  find('address').hidden = shown.url === undefined;
  link.href = shown.url ?? '';
  link.textContent = shown.url ?? '';
  find('text').textContent = shown.text;
  find('document').hidden = false;
  showPlace();
  scrollTo(0, 0);
  // A screen reader reads on from here.
  find('document').focus({ preventScroll: true });
}

/**
 * @param {string[]} lines
 * @param {boolean} [takesFocus]
 */
function showMessage(lines, takesFocus = true) {
  isAtEnd = false;
  find('document').hidden = true;
  const message = find('message');
  message.replaceChildren(
    ...lines.map((line) => {
      const paragraph = document.createElement('p');
      // What stands in backquotes is a command.
      for (const [index, part] of line.split('`').entries()) {
        const node = document.createElement(index % 2 === 1 ? 'code' : 'span');
        node.textContent = part;
        paragraph.append(node);
      }
      return paragraph;
    }),
  );
  message.hidden = false;
  showPlace();
  if (takesFocus) message.focus();
}

/** Where in all this work the page is. */
function showPlace() {
  const shown = documents[position];
  const grades = queries.reduce((sum, { graded }) => sum + graded, 0);
  const finished = queries.filter(isFinished).length;
  const ofQuery = shown ? `, document ${position + 1} of ${documents.length}` : '';
  const progress = /** @type {HTMLProgressElement} */ (find('progress'));
  progress.max = queries.length;
  progress.value = queries.reduce(
    (sum, { graded, documents: count }) => sum + (count ? graded / count : count === 0 ? 1 : 0),
    0,
  );
  find('place').textContent =
    `Query ${query + 1} of ${queries.length}${ofQuery} · ${grades} graded, ${finished} ${finished === 1 ? 'query' : 'queries'} done`;
  for (const button of gradeButtons) {
    button.disabled = !shown;
    button.ariaPressed = String(shown?.grade === Number(button.dataset.grade));
  }
  /** @type {HTMLButtonElement} */ (find('undo')).disabled = done.length === 0;
  /** @type {HTMLButtonElement} */ (find('back')).disabled = query === 0 && position === 0;
}

/** @param {Query} each */
function isFinished({ graded, documents: count }) {
  return count !== null && graded >= count;
}

/** To the next document, of the next query where this one's are through. */
async function goForward() {
  say('');
  if (isAtEnd) return goToUngraded();
  if (position + 1 < documents.length) showDocument(position + 1);
  else if (query + 1 < queries.length) await openQuery(query + 1, 0);
  else showEnd();
}

async function goBack() {
  say('');
  // From the closing words, or an error, to what was there before them.
  if (find('document').hidden && documents.length > 0) showDocument(position);
  else if (position > 0 && documents.length > 0) showDocument(position - 1);
  else if (query > 0) await openQuery(query - 1, -1);
}

/** After a grade: to what has none yet, from here on and then from the start. */
async function goToUngraded() {
  const here = documents.findIndex(({ grade }, index) => index > position && grade === null);
  if (here !== -1) return showDocument(here);
  const order = queries.map((_, index) => (query + 1 + index) % queries.length);
  for (const index of order) {
    const next = queries[index];
    if (!next || isFinished(next)) continue;
    await openQuery(index, 'first ungraded');
    // The search may turn out to find nothing; such a query is finished.
    if (!isFinished(next)) return;
  }
  showEnd();
}

function showEnd() {
  const open = queries.filter((each) => !isFinished(each)).length;
  showMessage([
    open === 0
      ? 'Every document has a grade. Thank you.'
      : `That was the last query. ${open} ${open === 1 ? 'query has' : 'queries have'} documents without a grade; Next goes there.`,
    'The judgments are in the folder that the command named. End it with Ctrl+C; then `rerank-results eval --data <folder>` measures, and `rerank-results calibrate --data <folder>` makes scores probabilities.',
  ]);
  isAtEnd = true;
}

/** @param {number | null} grade */
async function setGrade(grade) {
  const shown = documents[position];
  const asked = queries[query];
  if (!shown || !asked || find('document').hidden) return false;
  const answer = await ask('api/grades', { query: asked.id, document: shown.id, grade });
  queries = answer.queries;
  shown.grade = grade;
  return true;
}

/** @param {number} grade */
async function gradeShown(grade) {
  const former = documents[position]?.grade ?? null;
  const at = { query, position, grade: former };
  if (!(await setGrade(grade))) return;
  done.push(at);
  say(`Graded ${grade}, ${words[grade]}.`);
  await goToUngraded();
}

async function undo() {
  const last = done.at(-1);
  if (!last) return;
  if (last.query === query && documents.length > 0) showDocument(last.position);
  else await openQuery(last.query, last.position);
  if (!(await setGrade(last.grade))) return;
  done.pop();
  showPlace();
  say('The last grade is taken back.');
}

for (const button of gradeButtons) {
  button.addEventListener('click', () =>
    exclusively(() => gradeShown(Number(button.dataset.grade))),
  );
}
find('back').addEventListener('click', () => exclusively(goBack));
find('forward').addEventListener('click', () => exclusively(goForward));
find('undo').addEventListener('click', () => exclusively(undo));

window.addEventListener('keydown', (event) => {
  const isOff = !(/** @type {HTMLInputElement} */ (find('shortcuts')).checked);
  if (isOff || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const work = /^[0-3]$/.test(event.key)
    ? () => gradeShown(Number(event.key))
    : { ArrowLeft: goBack, ArrowRight: goForward, u: undo }[event.key];
  if (!work) return;
  event.preventDefault();
  void exclusively(work);
});

await exclusively(async () => {
  queries = (await ask('api/queries')).queries;
  const start = queries.findIndex((each) => !isFinished(each));
  await openQuery(Math.max(0, start), 'first ungraded');
  if (start === -1) showEnd();
});
