// Weft inside another program: translates each line of standard input and prints its matrix, a row for each word of the
// translation, a column for each word of the line.
//   embed MODEL < TEXT

#include <weft/base/error.h>
#include <weft/search/translator.h>

#include <iostream>
#include <string>

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: embed MODEL < TEXT\n";
    return 2;
  }
  weft::TranslatorOptions options;
  options.decoding = weft::decoding_options(argv[1]);
  options.with_alignment = true;
  auto translator = weft::load_translator({argv[1]}, options);
  for (std::string line; std::getline(std::cin, line);) {
    const auto best = translator.translate({line}).front().n_best.front();
    std::cout << best.text << '\n';
    const auto& matrix = best.alignment;
    for (std::size_t i = 0; i < matrix.rows(); ++i) {
      std::cout << matrix.target[i].text;
      for (std::size_t j = 0; j < matrix.columns(); ++j)
        std::cout << ' ' << matrix.source[j].text << ':' << matrix.at(i, j);
      std::cout << '\n';
    }
  }
} catch (const weft::UserError& mistake) {
  std::cerr << mistake.what() << '\n';
  return 2;
}
