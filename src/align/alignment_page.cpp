#include "align/alignment_page.h"

#include <cmath>
#include <cstdio>

#include "align/svg_text.h"

namespace weft {
namespace {

// Contrasts of text and cells with the paper are above 7:1 in both schemes.
constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--paper:#fff;--ink:#16181d;--lines:#d5d9e0;--cell:#08519c}
@media(prefers-color-scheme:dark){:root{--paper:#15181e;--ink:#e8eaf0;--lines:#3a4150;--cell:#7cc4ff}}
body{margin:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,'Noto Sans','DejaVu Sans',sans-serif}
h1{font-size:1.3rem}
nav{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;position:sticky;top:0;padding:.5rem 0;background:var(--paper)}
nav input,nav select,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--ink);border-radius:4px;padding:.2rem .5rem}
:focus-visible{outline:3px solid var(--cell);outline-offset:1px}
figure{margin:1.5rem 0}
figcaption,.target{unicode-bidi:plaintext;overflow-wrap:anywhere;margin:0;width:fit-content;max-width:100%}
.target{font-weight:600}
.panels{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:flex-start}
.panels section{flex:1 1 24rem;min-width:0;max-width:max-content}
h2{font-size:1rem;margin:.5rem 0 0}
.matrix{overflow:auto;max-height:90vh}
.save{display:flex;gap:.5rem;align-items:center;flex-wrap:wrap;font-size:.875rem}
.save button{padding:.05rem .5rem}
figure[hidden]{display:none}
svg.weft-matrix text{fill:var(--ink)}
svg.weft-matrix .paper{fill:var(--paper)}
svg.weft-matrix .cell{fill:var(--cell)}
svg.weft-matrix .grid{stroke:var(--lines)}
svg.weft-matrix text.lit{font-weight:700;text-decoration:underline}
)";

constexpr std::string_view kControls = R"(<nav>
<label>Find <input type="search" id="find" autocomplete="off"></label>
<label>Sort <select id="sort"><option value="number">as in the text</option><option value="score">least probable per word first</option><option value="sure">least sure alignment first</option><option value="agreement" hidden>models differ most first</option></select></label>
<output id="count" role="status"></output>
</nav>
<main>
)";

constexpr std::string_view kScript = R"(
'use strict';
const main = document.querySelector('main');
const figures = [...main.querySelectorAll('figure')];

const labels = (svg, kind) => [...svg.querySelectorAll(`text[data-${kind}]`)].map(label => label.textContent);

// Weights to two digits, as the cells have them.
function matrixOf(svg) {
  const rows = labels(svg, 'row').map(() => labels(svg, 'column').map(() => 0));
  for (const {dataset, attributes} of svg.querySelectorAll('.cell'))
    rows[dataset.row][dataset.column] = Number(attributes['fill-opacity'].value);
  return rows;
}

const mean = numbers => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

// Each target word with the source word that it looks at most.
function linksOf(svg) {
  const words = labels(svg, 'row');
  return new Set(matrixOf(svg).map((row, i) => row.indexOf(Math.max(...row)) + ' ' + words[i]));
}

for (const figure of figures) {
  const drawings = [...figure.querySelectorAll('svg.weft-matrix')];
  if (drawings.length === 0) continue;
  figure.dataset.sure = Math.min(...drawings.map(svg => mean(matrixOf(svg).map(row => Math.max(...row)))));
  if (drawings.length < 2) continue;
  const [first, ...others] = drawings.map(linksOf);
  figure.dataset.agreement = mean(others.map(links =>
      2 * [...links].filter(link => first.has(link)).length / (first.size + links.size)));
}
document.querySelector('option[value=agreement]').hidden = !figures.some(({dataset}) => 'agreement' in dataset);

// A file for the reader.
function save(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

for (const panel of main.querySelectorAll('section')) {
  const svg = panel.querySelector('svg.weft-matrix'), line = panel.querySelector('.save');
  if (!svg) continue;
  const figure = panel.closest('figure'), name = panel.querySelector('h2')?.textContent ?? '';
  const file = `${figure.dataset.number}${name && '-' + name}`;
  const offer = (text, action) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.setAttribute('aria-label', `${text} of ${file}`);
    button.addEventListener('click', action);
    line.append(button);
  };
  offer('SVG', () => save(file + '.svg', 'image/svg+xml', new XMLSerializer().serializeToString(svg)));
  offer('JSON', () => save(file + '.json', 'application/json', JSON.stringify({
    id: figure.dataset.number - 1, ...(name && {model: name}), ...(panel.dataset.score && {score_per_word: Number(panel.dataset.score)}),
    source: {text: figure.querySelector('figcaption span').textContent, tokens: labels(svg, 'column')},
    target: {text: panel.querySelector('.target').textContent, tokens: labels(svg, 'row')}, matrix: matrixOf(svg)})));
}

// The labels of the row and the column that the pointer is on.
for (const svg of main.querySelectorAll('svg.weft-matrix')) {
  const light = event => {
    const at = event.target.dataset ?? {};
    for (const label of svg.querySelectorAll('text'))
      label.classList.toggle('lit', (at.row !== undefined && label.dataset.row === at.row) ||
                                    (at.column !== undefined && label.dataset.column === at.column));
  };
  svg.addEventListener('pointerover', light);
  svg.addEventListener('pointerleave', light);
}

const find = document.querySelector('#find'), sort = document.querySelector('#sort');
const show = () => {
  const wanted = find.value.toLowerCase();
  let shown = 0;
  for (const figure of figures) {
    const texts = [figure.querySelector('figcaption span'), ...figure.querySelectorAll('.target')];
    figure.hidden = !texts.some(({textContent}) => textContent.toLowerCase().includes(wanted));
    if (!figure.hidden) ++shown;
  }
  document.querySelector('#count').textContent = `${shown} of ${figures.length}`;
};
const order = () => {
  const value = figure => Number(figure.dataset[sort.value] ?? Infinity);
  main.append(...figures.sort((a, b) => value(a) - value(b) || a.dataset.number - b.dataset.number));
};
find.addEventListener('input', show);
sort.addEventListener('change', order);
show();
)";

/// " data-score="-0.5""; "" if there is none.
std::string score_attribute(const std::optional<double>& score) {
  if (!score || !std::isfinite(*score)) return "";
  char text[40];
  std::snprintf(text, sizeof text, " data-score=\"%.6g\"", *score);
  return text;
}

std::string panel_html(const PagePanel& panel) {
  std::string html = "<section" + score_attribute(panel.score) + ">\n";
  if (!panel.name.empty()) html += "<h2>" + xml_text(panel.name) + "</h2>";
  html += "<p class=\"target\">" + xml_text(panel.target) + "</p>\n";
  if (!panel.svg.empty()) html += "<div class=\"matrix\" tabindex=\"0\">" + panel.svg + "</div>\n";
  html += "<p class=\"save\">";
  if (panel.score && std::isfinite(*panel.score)) {
    char text[64];
    std::snprintf(text, sizeof text, "log probability a word: %.2f", *panel.score);
    html += text;
  }
  return html + "</p>\n</section>\n";
}

}  // namespace

std::string page_beginning(std::string_view title) {
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
         xml_text(title) + "</title>\n<style>" + std::string(kStyle) + "</style>\n<h1>" +
         xml_text(title) + "</h1>\n" + std::string(kControls);
}

std::string page_figure(std::size_t number, const PageFigure& figure) {
  const auto source = xml_text(figure.source), n = std::to_string(number);
  // The least probable of the models' translations.
  std::optional<double> score;
  for (const auto& panel : figure.panels)
    if (panel.score && (!score || *panel.score < *score)) score = panel.score;
  std::string html = "<figure data-number=\"" + n + '"' + score_attribute(score) +
                     ">\n<figcaption><b>" + n + ".</b> <span>" + source +
                     "</span></figcaption>\n<div class=\"panels\">\n";
  for (const auto& panel : figure.panels) html += panel_html(panel);
  return html + "</div></figure>\n";
}

std::string page_end() {
  return "</main>\n<script>" + std::string(kScript) + "</script>\n</html>\n";
}

}  // namespace weft
