#include "app/lexicon_files.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <ostream>

#include "align/weight_text.h"
#include "aligner/aligner_directory.h"
#include "aligner/word_types.h"
#include "app/output.h"
#include "base/error.h"

namespace weft {
namespace {

struct Translation {
  const AlignerModel::Word* source;
  const AlignerModel::Word* target;
  float forward;   // p(target | source)
  float backward;  // p(source | target)
  float count;
};

void write(std::ostream& out, LexiconFormat format, const Translation& entry) {
  const auto& source = entry.source->key;
  const auto& target = entry.target->key;
  switch (format) {
    case LexiconFormat::kTsv:
      out << source << '\t' << target << '\t' << weight_text(entry.forward) << '\t'
          << weight_text(entry.backward) << '\t' << weight_text(entry.count) << '\n';
      return;
    case LexiconFormat::kJson:
      out << nlohmann::json{{"source", source},
                            {"target", target},
                            {"p_target", entry.forward},
                            {"p_source", entry.backward},
                            {"count", entry.count}}
                 .dump()
          << '\n';
      return;
    case LexiconFormat::kMoses:
      out << target << ' ' << source << ' ' << weight_text(entry.forward) << '\n';
      return;
  }
}

std::vector<bool> wanted_words(const AlignerModel& model, const LexiconTask& task) {
  std::vector<bool> wanted(model.source.size(), task.words.empty());
  Problems problems;
  for (const auto& word : task.words) {
    const auto key = word_key(word);
    const auto found = std::find_if(model.source.begin(), model.source.end(),
                                    [&key](const auto& entry) { return entry.key == key; });
    if (found == model.source.end()) {
      problems.add("'" + word + "' is none of the source words of " + task.model);
    } else {
      wanted[static_cast<std::size_t>(found - model.source.begin())] = true;
    }
  }
  problems.throw_if_any();
  return wanted;
}

}  // namespace

void write_lexicon(const LexiconTask& task) {
  const auto model = load_aligner_model(task.model);
  const auto wanted = wanted_words(model, task);
  std::vector<Translation> entries;
  for (const auto& pair : model.pairs) {
    const auto& source = model.source[pair.source];
    const auto& target = model.target[pair.target];
    const Translation entry{&source, &target, pair.count / source.linked,
                            pair.count / target.linked, pair.count};
    if (wanted[pair.source] && static_cast<double>(entry.forward) >= task.least_probability &&
        static_cast<double>(entry.count) >= task.least_count)
      entries.push_back(entry);
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.source != b.source ? a.source < b.source : a.forward > b.forward;
  });
  Output output(task.output, aligner_model_files(task.model));
  output.start();
  for (const auto& entry : entries) write(output.stream(), task.format, entry);
  output.finish();
}

}  // namespace weft
