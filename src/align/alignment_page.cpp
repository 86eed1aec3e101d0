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
nav input,nav select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--ink);border-radius:4px;padding:.2rem .5rem}
figure{margin:1.5rem 0;overflow-x:auto}
figcaption p{margin:0;unicode-bidi:plaintext;overflow-wrap:anywhere}
figcaption p+p{font-weight:600}
figure[hidden]{display:none}
svg.weft-matrix text{fill:var(--ink)}
svg.weft-matrix .paper{fill:var(--paper)}
svg.weft-matrix .cell{fill:var(--cell)}
svg.weft-matrix .grid{stroke:var(--lines)}
svg.weft-matrix text.lit{font-weight:700;text-decoration:underline}
)";

constexpr std::string_view kControls = R"(<nav>
<label>Find <input type="search" id="find" autocomplete="off"></label>
<label>Sort <select id="sort"><option value="number">as in the text</option><option value="score">least probable per word first</option></select></label>
<output id="count" role="status"></output>
</nav>
<main>
)";

constexpr std::string_view kScript = R"(
const main = document.querySelector('main');
const figures = [...main.querySelectorAll('figure')];

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
    figure.hidden = !figure.querySelector('figcaption').textContent.toLowerCase().includes(wanted);
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

}  // namespace

std::string page_beginning(std::string_view title) {
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
         xml_text(title) + "</title>\n<style>" + std::string(kStyle) + "</style>\n<h1>" +
         xml_text(title) + "</h1>\n" + std::string(kControls);
}

std::string page_figure(std::size_t number, const PageFigure& figure) {
  std::string html = "<figure data-number=\"" + std::to_string(number) + '"';
  if (figure.score && std::isfinite(*figure.score)) {
    char text[40];
    std::snprintf(text, sizeof text, " data-score=\"%.6g\"", *figure.score);
    html += text;
  }
  return html + ">\n<figcaption><p>" + std::to_string(number) + ". " + xml_text(figure.source) +
         "</p><p>" + xml_text(figure.target) + "</p></figcaption>\n" + figure.svg + "</figure>\n";
}

std::string page_end() {
  return "</main>\n<script>" + std::string(kScript) + "</script>\n</html>\n";
}

}  // namespace weft
