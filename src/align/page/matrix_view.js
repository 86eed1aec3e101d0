// A matrix of weights to explore: its words stay in view above and beside it, and what is under the pointer or the arrow keys lights
// up, there and in the texts.

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const drawn = (name, attributes = {}, text = '') => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
};

const number = text => text === undefined ? undefined : Number(text);
const isUpright = word => /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]+$/u.test(word);
const pen = document.createElement('canvas').getContext('2d');

// The label as far as it fits.
function fitted(text, most) {
  if (pen.measureText(text).width <= most) return text;
  const characters = [...new Intl.Segmenter().segment(text)].map(({segment}) => segment);
  while (characters.length > 1 && pen.measureText(characters.join('') + '…').width > most) characters.pop();
  return characters.join('') + '…';
}

// A line of text with its words or pieces marked; what does not stand in it, such as its end, is left out.
function fillStrip(strip, {text, words}, kind) {
  strip.replaceChildren();
  let at = 0;
  words.map(word => word.replaceAll('▁', '')).forEach((word, i) => {
    const begin = word ? text.indexOf(word, at) : -1;
    if (begin < 0) return;
    const marked = element('span', {className: 'word', textContent: word});
    marked.dataset[kind] = i;
    strip.append(text.slice(at, begin), marked);
    at = begin + word.length;
  });
  strip.append(text.slice(at));
}

// A file for the reader.
function save(name, type, text) {
  const link = element('a', {href: URL.createObjectURL(new Blob([text], {type})), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

class MatrixView {
  // `box`: what the matrix is drawn in. `strips`: {source, target}, lines of text; either may be missing. `told`: says what is lit, or `hint`.
  constructor(box, strips, told) {
    Object.assign(this, {box, strips, told, hint: '', at: {row: 0, column: 0}});
    this.onpoint = (row, column) => this.light(row, column);
    const parts = [box, ...Object.values(strips)];
    for (const part of parts) {
      part.addEventListener('pointerover', ({target}) => {
        const marked = target.closest('[data-row], [data-column]');
        if (marked && this.alignment) this.onpoint(number(marked.dataset.row), number(marked.dataset.column));
      });
      part.addEventListener('pointerleave', () => this.onpoint());
    }
    box.tabIndex = 0;
    box.setAttribute('role', 'application');
    box.setAttribute('aria-roledescription', 'matrix');
    box.addEventListener('keydown', event => this.#step(event));
    box.addEventListener('focus', () => { if (box.matches(':focus-visible')) this.onpoint(this.at.row = 0, this.at.column = 0); });
    box.addEventListener('blur', () => this.onpoint());
  }

  // `alignment`: {source: {text, words}, target: {text, words}, matrix: rows of weights, links: [source, target] pairs}, or undefined.
  show(alignment) {
    this.alignment = alignment?.matrix.length ? alignment : undefined;
    this.told.textContent = this.hint;
    this.box.replaceChildren();
    for (const strip of Object.values(this.strips)) strip.replaceChildren();
    this.box.hidden = !this.alignment;
    if (!this.alignment) return;
    const {source, target} = alignment;
    if (this.strips.source) fillStrip(this.strips.source, source, 'column');
    if (this.strips.target) fillStrip(this.strips.target, target, 'row');
    this.#measure();
    this.#drawWords();
    this.#drawWeights();
    this.box.setAttribute('aria-label', `${target.words.length} target words by ${source.words.length} source words; arrow keys move`);
  }

  #measure() {
    const sources = this.alignment.source.words, targets = this.alignment.target.words;
    const longest = Math.max(sources.length, targets.length), gap = 6, most = innerWidth < 640 ? 110 : 170;
    const side = longest <= 30 ? 26 : longest <= 60 ? 20 : 16, size = Math.min(15, side - 3);
    pen.font = `700 ${size}px ${getComputedStyle(document.body).fontFamily}`;
    const rows = targets.map(text => fitted(text, most)), columns = sources.map(text => isUpright(text) ? text : fitted(text, most));
    const room = text => isUpright(text) ? [...text].length * size * 1.15 : pen.measureText(text).width;
    const left = Math.ceil(Math.max(...rows.map(text => pen.measureText(text).width))) + 2 * gap;
    const above = Math.ceil(Math.max(...columns.map(room))) + 2 * gap;
    this.size = {side, size, gap, left, above, width: sources.length * side + 1, height: targets.length * side + 1};
    this.labels = {rows, columns};
    const part = (className, width, height) =>
        this.box.appendChild(drawn('svg', {class: className, width, height, 'aria-hidden': true}));
    this.parts = {corner: part('corner', left, above), top: part('top', this.size.width, above),
                  side: part('side', left, this.size.height), body: part('body', this.size.width, this.size.height)};
  }

  #drawWords() {
    const {side, size, gap, left, above, width, height} = this.size, {top, side: beside, body} = this.parts;
    this.alignment.source.words.forEach((word, column) => {
      const x = column * side;
      for (const [part, tall] of [[top, above], [body, height]])
        part.append(drawn('rect', {class: 'band', x, y: 0, width: side, height: tall, 'data-column': column}));
      const label = this.#columnLabel(this.labels.columns[column], x);
      label.dataset.column = column;
      label.append(drawn('title', {}, word));
      top.append(label);
    });
    this.alignment.target.words.forEach((word, row) => {
      const y = row * side;
      for (const [part, wide] of [[beside, left], [body, width]])
        part.append(drawn('rect', {class: 'band', x: 0, y, width: wide, height: side, 'data-row': row}));
      const label = drawn('text', {'font-size': size, x: left - gap, y: y + side / 2 + size * .35, 'text-anchor': 'end', 'data-row': row},
                          `\u2068${this.labels.rows[row]}\u2069`);
      label.append(drawn('title', {}, word));
      beside.append(label);
    });
  }

  // Upright, one character below the other, or turned.
  #columnLabel(text, x) {
    const {side, size, gap, above} = this.size, label = drawn('text', {'font-size': size});
    if (isUpright(text)) {
      label.setAttribute('text-anchor', 'middle');
      [...text].forEach((character, i) => label.append(drawn('tspan',
          {x: x + side / 2, y: above - gap - size * (.12 + 1.15 * ([...text].length - 1 - i))}, character)));
      return label;
    }
    const foot = x + side / 2 + size * .35;
    label.setAttribute('transform', `rotate(-90 ${foot} ${above - gap})`);
    label.setAttribute('x', foot);
    label.setAttribute('y', above - gap);
    label.textContent = `\u2068${text}\u2069`;
    return label;
  }

  #drawWeights() {
    const {side, width, height} = this.size, {body} = this.parts, {source, target, matrix} = this.alignment;
    let grid = '';
    for (let row = 0; row <= target.words.length; ++row) grid += `M0 ${row * side + .5}H${width}`;
    for (let column = 0; column <= source.words.length; ++column) grid += `M${column * side + .5} 0V${height}`;
    body.append(drawn('path', {class: 'grid', d: grid}));
    matrix.forEach((weights, row) => weights.forEach((weight, column) => {
      if (weight >= .005) body.append(drawn('rect', {class: 'cell', x: column * side + 2, y: row * side + 2, width: side - 3, height: side - 3,
                                                     'fill-opacity': Math.min(weight, 1).toFixed(2)}));
    }));
    this.cursor = body.appendChild(drawn('rect', {class: 'cursor', width: side - 1, height: side - 1}));
    // Where the pointer is in the cells is counted, so that empty ones have a place too.
    body.onpointermove = ({offsetX, offsetY}) => this.onpoint(Math.max(0, Math.min(target.words.length - 1, Math.floor(offsetY / side))),
                                                              Math.max(0, Math.min(source.words.length - 1, Math.floor(offsetX / side))));
  }

  // Lights a row, a column, or both; of a word alone also the words that it is linked with.
  light(row, column) {
    if (!this.alignment) return;
    const linked = {row: new Set(), column: new Set()};
    for (const [source, target] of this.alignment.links) {
      if (row === undefined && source === column) linked.row.add(String(target));
      if (column === undefined && target === row) linked.column.add(String(source));
    }
    const {source: sourceStrip, target: targetStrip} = this.strips, {top, side, body} = this.parts;
    for (const part of [sourceStrip, targetStrip, top, side, body]) {
      for (const marked of part?.querySelectorAll('[data-row], [data-column]') ?? []) {
        const kind = 'row' in marked.dataset ? 'row' : 'column', at = marked.dataset[kind];
        marked.classList.toggle('lit', at === String(kind === 'row' ? row : column));
        marked.classList.toggle('linked', linked[kind].has(at));
      }
    }
    for (const strip of Object.values(this.strips)) scrollToLit(strip);
    const both = row !== undefined && column !== undefined;
    this.cursor.classList.toggle('lit', both);
    if (both) {
      this.cursor.setAttribute('x', column * this.size.side + 1);
      this.cursor.setAttribute('y', row * this.size.side + 1);
    }
    this.told.textContent = this.#sentence(row, column, linked);
  }

  #sentence(row, column, linked) {
    const {source: {words: source}, target: {words: target}, matrix} = this.alignment;
    const list = (words, set) => [...set].map(i => words[i]).join(', ') || 'nothing';
    if (row === undefined && column === undefined) return this.hint;
    if (row === undefined) return `${source[column]} – ${list(target, linked.row)}`;
    if (column === undefined) return `${target[row]} – ${list(source, linked.column)}`;
    return `${target[row]} – ${source[column]}: ${matrix[row][column].toFixed(2)}`;
  }

  #step(event) {
    const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -1e6], End: [0, 1e6]}[event.key];
    if (!step || !this.alignment) return;
    event.preventDefault();
    const within = (value, {words}) => Math.max(0, Math.min(words.length - 1, value));
    this.at = {row: within(this.at.row + step[0], this.alignment.target), column: within(this.at.column + step[1], this.alignment.source)};
    this.onpoint(this.at.row, this.at.column);
    this.cursor.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }

  // The matrix as one picture by itself, on white.
  picture() {
    const {left, above, width, height} = this.size, whole = {width: left + width + 8, height: above + height + 8};
    const svg = drawn('svg', {...whole, viewBox: `0 0 ${whole.width} ${whole.height}`});
    svg.append(drawn('style', {}, 'text{fill:#16181d;font-family:system-ui,\'Noto Sans\',\'DejaVu Sans\',\'Noto Sans CJK SC\',sans-serif}' +
                                  '.grid{stroke:#d5d9e0;fill:none}.cell{fill:#08519c}.band,.cursor{display:none}'),
               drawn('rect', {...whole, fill: '#fff'}));
    for (const [part, x, y] of [['top', left, 0], ['side', 0, above], ['body', left, above]]) {
      const group = svg.appendChild(drawn('g', {transform: `translate(${x} ${y})`}));
      for (const child of this.parts[part].children)
        if (!child.matches('.band, .cursor')) group.append(child.cloneNode(true));
    }
    return new XMLSerializer().serializeToString(svg);
  }
}

// A long strip is scrolled to what is lit elsewhere.
function scrollToLit(strip) {
  if (strip.matches(':hover')) return;
  const word = strip.querySelector('.lit') ?? strip.querySelector('.linked');
  if (word && (word.offsetTop < strip.scrollTop || word.offsetTop + word.offsetHeight > strip.scrollTop + strip.clientHeight))
    strip.scrollTop = word.offsetTop - strip.clientHeight / 2;
}

// Buttons that save what `view` shows then, as a picture and as JSON, under the name that `name()` gives, with what `more()` adds.
function offerFiles(line, view, name, more = () => ({})) {
  const offer = (kind, type, text) => line.append(element('button',
      {type: 'button', textContent: `Save ${kind}`, onclick: () => save(`${name()}.${kind.toLowerCase()}`, type, text())}));
  offer('SVG', 'image/svg+xml', () => view.picture());
  offer('JSON', 'application/json', () => {
    const {source, target, matrix, links} = view.alignment;
    const side = ({text, words}) => ({text, tokens: words.map(text => ({text}))});
    return JSON.stringify({...more(), source: side(source), target: side(target), matrix, links}) + '\n';
  });
}
