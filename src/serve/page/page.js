// The page of `weft serve`: what is typed is translated, line by line, and shown with its alignments.

const byId = id => document.getElementById(id);
let models = [];          // as GET /models lists them
let lines = [];           // of the text: what came for each, or undefined
let chosen = {line: 0, translation: 0};
let current;              // the request under way, to abort it

// ---- The server

const headers = () => {
  const key = byId('key').value;
  return {'Content-Type': 'application/json', ...(key && {Authorization: 'Bearer ' + key})};
};

const tell = (text, bad = false) => {
  byId('status').textContent = text;
  byId('status').classList.toggle('bad', bad);
};

async function loadModels() {
  const response = await fetch('models', {headers: headers()});
  byId('keyed').hidden = byId('keyed').hidden && response.status !== 401;
  if (!response.ok) throw new Error((await response.json()).error);
  models = (await response.json()).models;
  byId('model').replaceChildren(...models.map(({name}) => element('option', {value: name, textContent: name})));
  limitCount();
}

const model = () => models.find(({name}) => name === byId('model').value);

function limitCount() {
  const most = byId('kind').value === 'samples' ? 10 : Math.min(10, model()?.beam_size ?? 1);
  byId('count').max = most;
  byId('count').value = Math.max(1, Math.min(most, byId('count').value || 1));
}

// The events of a stream: blocks of "event: NAME" and "data: JSON", an empty line after each.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    text += value;
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end));
      yield {name, data: JSON.parse(data)};
    }
  }
}

async function translate() {
  current?.abort();
  const {signal} = current = new AbortController();
  const text = byId('source').value;
  if (text.trim() === '') {
    lines = [];
    tell('');
    return show();
  }
  try {
    if (models.length === 0) await loadModels();
    const begin = performance.now();
    const response = await fetch('translate', {method: 'POST', signal, headers: headers(), body: JSON.stringify({
      text, model: model().name, [byId('kind').value]: Number(byId('count').value), alignment: 'alignment_from' in model(), stream: true})});
    if (response.status === 429) {
      tell('The server is busy; trying again …');
      setTimeout(() => { if (!signal.aborted) translate(); }, 1000 * (response.headers.get('Retry-After') ?? 1));
      return;
    }
    byId('keyed').hidden = byId('keyed').hidden && response.status !== 401;
    if (!response.ok) throw new Error((await response.json()).error);
    const fresh = new Array(text.split(/\r\n|\r|\n/).length);
    let count = 0;
    for await (const {name, data} of events(response)) {
      if (name === 'error') throw new Error(data.error);
      if (name !== 'line') continue;
      fresh[data.line] = data;
      if (++count === 1) chosen = {line: Math.min(chosen.line, fresh.length - 1), translation: 0};
      lines = fresh;
      show();
      tell(`${count} of ${fresh.length} lines`);
    }
    tell(`${fresh.length} ${fresh.length === 1 ? 'line' : 'lines'} in ${((performance.now() - begin) / 1000).toFixed(2)} s`);
  } catch (error) {
    if (error.name !== 'AbortError') tell(error.message, true);
  }
}

// ---- The page

const best = line => line?.n_best[0].text ?? '';

function show() {
  const output = byId('output');
  while (output.children.length > lines.length) output.lastChild.remove();
  for (let i = 0; i < lines.length; ++i) {
    const button = output.children[i]?.firstChild ?? output.appendChild(element('li', {},
        element('button', {type: 'button', dir: 'auto'}))).firstChild;
    button.onclick = () => choose(i, 0);
    const text = best(lines[i]);
    if (button.textContent !== text) button.textContent = text;
    button.setAttribute('aria-current', i === chosen.line);
    button.setAttribute('aria-label', text || `line ${i + 1} is blank`);
  }
  showLine();
}

function choose(line, translation) {
  chosen = {line, translation};
  show();
}

function showLine() {
  const line = lines[chosen.line];
  byId('detail').hidden = !line || line.source.trim() === '';
  if (byId('detail').hidden) return;
  byId('list').replaceChildren(...line.n_best.map(({text, score}, k) => {
    const button = element('button', {type: 'button', onclick: () => { choose(chosen.line, k); byId('list').children[k].firstChild.focus(); }},
        element('span', {dir: 'auto', textContent: text}), element('small', {textContent: (Math.round(score * 100) / 100 || 0).toFixed(2), title: 'score: log probability for its length'}));
    button.setAttribute('aria-pressed', k === chosen.translation);
    return element('li', {}, button);
  }));
  const {alignment, finished} = line.n_best[chosen.translation];
  const notes = [];
  if (line.cut_tokens) notes.push(`The line is too long: its last ${line.cut_tokens} tokens were not translated.`);
  if (!finished) notes.push('The translation did not end by itself.');
  if (alignment) notes.push(`Alignment from: ${alignment.from}.`);
  if (alignment?.confidence) notes.push(`Coverage ${alignment.confidence.coverage.toFixed(2)}, entropy ${alignment.confidence.entropy.toFixed(2)}.`);
  if (alignment?.confidence?.hallucination) notes.push('The attention says that this may have little to do with the text.');
  byId('confidence').textContent = notes.join(' ');
  const areDrawn = byId('kind').value === 'samples';
  byId('list-heading').textContent = areDrawn ? 'Sampled translations' : 'Best translations';
  byId('again').hidden = !areDrawn;
  drawAlignment(alignment);
}

const view = new MatrixView(byId('matrix'), {source: byId('source-words'), target: byId('target-words')}, byId('told'));
view.hint = 'A word or a cell under the pointer lights up what belongs to it.';
offerFiles(byId('save'), view, () => `${chosen.line + 1}-${chosen.translation + 1}`);

// As POST /translate has it: tokens with their text.
function drawAlignment(alignment) {
  const side = ({text, tokens}) => ({text, words: tokens.map(({text}) => text)});
  view.show(alignment && {...alignment, source: side(alignment.source), target: side(alignment.target)});
  byId('save').hidden = !view.alignment;
}

let waiting;
const soon = () => { clearTimeout(waiting); waiting = setTimeout(translate, 250); };
byId('source').addEventListener('input', soon);
byId('count').addEventListener('change', () => { limitCount(); translate(); });
for (const id of ['model', 'kind']) byId(id).addEventListener('change', () => { limitCount(); translate(); });
byId('again').addEventListener('click', () => translate());
byId('key').addEventListener('change', () => { models = []; translate(); });
byId('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(lines.map(best).join('\n'));
    tell('Copied');
  } catch {
    getSelection().selectAllChildren(byId('output'));
    tell('Selected; the browser lets no page copy here');
  }
});
// A text after "#" is translated at once: a link to a translation.
try {
  byId('source').value = decodeURIComponent(location.hash.slice(1));
} catch {
  // It was no text.
}
loadModels().then(translate, error => tell(error.message, true));
