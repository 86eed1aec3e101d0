#include "train/link_teacher.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "align/pharaoh.h"
#include "aligner/line_aligner.h"
#include "aligner/word_aligner.h"
#include "base/line_reader.h"

namespace weft {
namespace {

constexpr std::size_t kBlock = 1000;  // pairs of text in memory at a time
constexpr float kLeastPosterior = 0.1F;

/// Guidance is for every target word the mean of what both directions believe: their product, which
/// agreement is in training, would leave fewer words with a teacher.
std::vector<SoftLink> soft_links(const PairPosteriors& pair) {
  std::vector<SoftLink> links;
  for (std::size_t s = 0; s < pair.source_length; ++s) {
    for (std::size_t t = 0; t < pair.target_length; ++t) {
      const float mean = (pair.p(s, t) + pair.r(s, t)) / 2;
      if (mean < kLeastPosterior) continue;
      links.push_back({static_cast<uint32_t>(s), static_cast<uint32_t>(t),
                       static_cast<uint8_t>(std::lround(std::min(mean, 1.0F) * 255))});
    }
  }
  return links;
}

class AlignerTeacher : public LinkTeacher {
 public:
  AlignerTeacher(CorpusText text, WorkerPool& pool)
      : bitext_(bitext_of(std::move(text))), aligner_(bitext_, {}, pool) {
    aligner_.train();
  }

  std::vector<PairLinks> links(const std::vector<TextPair>& pairs) override {
    const auto posteriors = aligner_.posteriors(next_, next_ + pairs.size());
    next_ += pairs.size();
    std::vector<PairLinks> answers;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      answers.push_back({aligner_line(pairs[i].source).tokens, aligner_line(pairs[i].target).tokens,
                         soft_links(posteriors[i])});
    }
    return answers;
  }

  std::optional<AlignerModel> model() const override { return aligner_.model(); }

 private:
  static Bitext bitext_of(CorpusText text) {
    Bitext bitext;
    for (auto block = text.take(kBlock); !block.empty(); block = text.take(kBlock)) {
      for (const auto& pair : block) {
        add_pair(bitext, pair.source, aligner_line(pair.source), pair.target,
                 aligner_line(pair.target));
      }
    }
    return bitext;
  }

  Bitext bitext_;
  WordAligner aligner_;
  std::size_t next_ = 0;
};

class FileTeacher : public LinkTeacher {
 public:
  FileTeacher(const std::string& path, WordSplitting splitting)
      : reader_(path), splitting_(splitting) {}

  std::vector<PairLinks> links(const std::vector<TextPair>& pairs) override {
    std::vector<PairLinks> answers;
    for (const auto& pair : pairs) answers.push_back(links_of(pair));
    return answers;
  }

 private:
  PairLinks links_of(const TextPair& pair) {
    std::string text;
    while (lines_ < pair.line && reader_.next(text)) ++lines_;
    PairLinks links{split_words(pair.source, splitting_), split_words(pair.target), {}};
    const auto of_line = parse_pharaoh(text, reader_.location());
    check_bounds(of_line, {links.source.size(), links.target.size()}, reader_.location());
    for (const auto& link : of_line)
      links.links.push_back(
          {static_cast<uint32_t>(link.source), static_cast<uint32_t>(link.target)});
    return links;
  }

  LineReader reader_;
  WordSplitting splitting_;
  int64_t lines_ = 0;
};

}  // namespace

CorpusText::CorpusText(const ParallelFiles& files, const FactorFormat& factors,
                       const ParallelCorpus& corpus)
    : reader_(files.first_pair()), factors_(factors), corpus_(corpus) {}

std::vector<TextPair> CorpusText::take(std::size_t count) {
  std::vector<TextPair> pairs;
  for (; pairs.size() < count && next_ < corpus_.size(); ++next_) {
    TextPair pair{corpus_.line(next_), {}, {}, corpus_.tag(next_)};
    while (reader_.count() < pair.line && reader_.next(pair.source, pair.target)) {
    }
    pair.source = split_factors(pair.source, factors_).text;
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

CorpusText training_text(const ParallelCorpus& corpus, const Config& config) {
  return {training_files(config.data), factor_format(config), corpus};
}

std::unique_ptr<LinkTeacher> teach_by_aligner(CorpusText text, WorkerPool& pool) {
  return std::make_unique<AlignerTeacher>(std::move(text), pool);
}

std::unique_ptr<LinkTeacher> teach_by_file(const std::string& path, WordSplitting splitting) {
  return std::make_unique<FileTeacher>(path, splitting);
}

}  // namespace weft
