#include "picture-captions/corpus.h"

#include <cstdio>
#include <set>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/write_file.h"
#include "data/random.h"
#include "media/picture_writer.h"
#include "picture-captions/caption.h"
#include "picture-captions/drawing.h"

namespace weft::scenes {
namespace {

/// One part's lines, side by side.
struct PartLines {
  std::string images;
  std::string en, zh;
  std::string en_regions, zh_regions;
};

class PartWriter {
 public:
  PartWriter(std::string directory, std::string part)
      : directory_(std::move(directory)), part_(std::move(part)) {
    make_directories(directory_ + '/' + part_);
  }

  void add(const Scene& scene) {
    char number[32];
    std::snprintf(number, sizeof number, "/%05lld.png", static_cast<long long>(count_++));
    const std::string image = part_ + number;
    write_file(directory_ + '/' + image, encode_png(draw(scene)));
    lines_.images += image + '\n';
    const auto say = [&](Language language, std::string& text, std::string& regions) {
      const auto words = caption(scene, language);
      text += to_line(words) + '\n';
      regions += gold_regions(scene, words, image) + '\n';
    };
    say(Language::kEnglish, lines_.en, lines_.en_regions);
    say(Language::kChinese, lines_.zh, lines_.zh_regions);
  }

  void finish() const {
    const std::string stem = directory_ + '/' + part_;
    write_file_atomically(stem + ".images", lines_.images);
    write_file_atomically(stem + ".en", lines_.en);
    write_file_atomically(stem + ".zh", lines_.zh);
    write_file_atomically(stem + ".en.regions", lines_.en_regions);
    write_file_atomically(stem + ".zh.regions", lines_.zh_regions);
  }

 private:
  std::string directory_, part_;
  int64_t count_ = 0;
  PartLines lines_;
};

}  // namespace

void write_corpus(const CorpusSizes& sizes, uint64_t seed, const std::string& directory) {
  std::set<std::string> told;  // captions of the parts before
  uint64_t part_number = 0;
  const auto write_part = [&](const std::string& part, int64_t size, bool unseen) {
    PartWriter writer(directory, part);
    auto generator = seeded_generator({seed, part_number++});
    std::set<std::string> captions;
    // There are some 70,000 captions; a part that asks for more would never end.
    constexpr int64_t kMostTries = 1000;
    for (int64_t i = 0, tries = 0; i < size; ++tries) {
      if (tries > kMostTries * size)
        throw UserError("the part " + part + " has fewer captions than " + std::to_string(size));
      const Scene scene = draw_scene(generator, unseen);
      const std::string line = to_line(caption(scene, Language::kEnglish));
      if (told.contains(line)) continue;
      captions.insert(line);
      writer.add(scene);
      ++i;
    }
    told.merge(captions);
    writer.finish();
  };
  write_part("train", sizes.train, false);
  write_part("valid", sizes.valid, false);
  write_part("test", sizes.test, false);
  write_part("unseen", sizes.unseen, true);
}

}  // namespace weft::scenes
