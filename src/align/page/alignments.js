// A page of alignments, as --alignment html and `weft compare` write it: a figure for each sentence, and in it a section for each model
// with the matrix in JSON.

// Weights are bytes, row by row; 255 is 1.
function alignmentOf(section, text) {
  const {source, target, weights, links} = JSON.parse(section.querySelector('script').textContent);
  const bytes = Uint8Array.from(atob(weights), character => character.charCodeAt(0));
  const row = i => Array.from(bytes.subarray(i * source.length, (i + 1) * source.length), byte => Math.round(byte / .255) / 1000);
  return {source: {text, words: source}, target: {text: section.querySelector('.strip').textContent, words: target},
          matrix: target.map((_, i) => row(i)), links};
}

const mean = numbers => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const sureness = ({matrix}) => mean(matrix.map(row => Math.max(...row)));

// F1 of the links of two models, as words that are linked: models may cut texts into different words.
function agreement(one, other) {
  const named = ({source, target, links}) => new Set(links.map(([from, to]) => source.words[from] + '\n' + target.words[to]));
  const [ours, theirs] = [named(one), named(other)];
  if (ours.size + theirs.size === 0) return 1;
  return 2 * [...ours].filter(link => theirs.has(link)).length / (ours.size + theirs.size);
}

function prepare(figure) {
  const caption = figure.querySelector('figcaption .strip'), text = caption.textContent;
  const sections = [...figure.querySelectorAll('section')].filter(section => section.querySelector('script'));
  figure.texts = [text, ...[...figure.querySelectorAll('section .strip')].map(({textContent}) => textContent)].join('\n').toLowerCase();
  figure.views = sections.map((section, k) => {
    const strips = {target: section.querySelector('.strip'), ...(k === 0 && {source: caption})};
    const view = new MatrixView(section.querySelector('.matrix'), strips, section.querySelector('.told'));
    view.pending = alignmentOf(section, text);
    view.box.style.minHeight = `min(85vh, ${60 + 26 * view.pending.target.words.length}px)`;  // so that little moves when it is drawn
    const name = section.querySelector('h2')?.textContent ?? '', {score} = section.dataset;
    offerFiles(section.querySelector('.save'), view, () => figure.dataset.number + (name && '-' + name),
               () => ({id: figure.dataset.number - 1, ...(name && {model: name}), ...(score && {score_per_word: Number(score)})}));
    return view;
  });
  // A source word lights up in all matrices that have the same ones.
  const words = view => view.pending.source.words.join('\n');
  for (const view of figure.views)
    view.onpoint = (row, column) => figure.views.forEach(other =>
        other === view ? other.light(row, column) : other.light(undefined, words(other) === words(view) ? column : undefined));
  const alignments = figure.views.map(({pending}) => pending);
  if (alignments.length > 0) figure.dataset.sure = Math.min(...alignments.map(sureness));
  if (alignments.length > 1) figure.dataset.agreement = mean(alignments.slice(1).map(other => agreement(alignments[0], other)));
}

const figures = [...document.querySelectorAll('figure')];
figures.forEach(prepare);
document.querySelector('option[value=agreement]').hidden = !figures.some(({dataset}) => 'agreement' in dataset);

// Matrices are drawn when they come into view.
const draw = figure => figure.views.forEach(view => {
  if (view.alignment) return;
  view.box.style.minHeight = '';
  view.show(view.pending);
});
const watcher = new IntersectionObserver(entries => {
  for (const {target, isIntersecting} of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    draw(target);
  }
}, {rootMargin: '600px'});
figures.forEach(figure => watcher.observe(figure));
addEventListener('beforeprint', () => figures.forEach(draw));

const find = document.querySelector('#find'), sort = document.querySelector('#sort');
const show = () => {
  const wanted = find.value.toLowerCase();
  let shown = 0;
  for (const figure of figures) {
    figure.hidden = !figure.texts.includes(wanted);
    if (!figure.hidden) ++shown;
  }
  document.querySelector('#count').textContent = `${shown} of ${figures.length}`;
};
const order = () => {
  const value = figure => Number(figure.dataset[sort.value] ?? Infinity);
  document.querySelector('main').append(...figures.sort((a, b) => value(a) - value(b) || a.dataset.number - b.dataset.number));
};
find.addEventListener('input', show);
sort.addEventListener('change', order);
show();
