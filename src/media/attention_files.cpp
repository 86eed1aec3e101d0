#include "media/attention_files.h"

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "base/mapped_file.h"
#include "base/write_file.h"
#include "media/at_item.h"
#include "media/attention_picture.h"
#include "media/item_names.h"
#include "media/open_items.h"
#include "media/picture_writer.h"

namespace weft {
namespace {

/// The only item of a line.
ItemNames only_name(const SeenLine& line, const SeenItems& items) {
  ItemNames names(items.root);
  names.add(line.item, line.place);
  return names;
}

Picture read_shown_picture(const SeenLine& line, const SeenItems& items) {
  const ItemNames names = only_name(line, items);
  Picture picture;
  at_item(names, 0, [&] { picture = decode_picture(MappedFile(names.path(0)).view()); });
  return shown_picture(picture, items.image);
}

Picture read_spectrum(const SeenLine& line, const SeenItems& items) {
  AudioOptions options = items.audio;
  options.deltas = false;  // they are not sound
  const auto sounds = open_audio(only_name(line, items), options);
  const ItemShape shape = sounds->shape(0);
  std::vector<float> vectors(static_cast<std::size_t>(shape.length * shape.width));
  sounds->copy(0, vectors.data());
  return spectrum_picture(vectors.data(), shape.length, shape.width);
}

/// In the place of what nobody can see.
Picture grey_picture(const GridAttention& attention) {
  constexpr int64_t kCellPixels = 16;
  constexpr uint8_t kGrey = 128;
  Picture picture{attention.rows * kCellPixels, attention.columns * kCellPixels, 3, {}};
  picture.pixels.assign(static_cast<std::size_t>(picture.height * picture.width * 3), kGrey);
  return picture;
}

Picture read_seen(const SeenLine& line, const SeenItems& items, const GridAttention& attention) {
  switch (items.kind) {
    case SourceKind::kImage:
      return read_shown_picture(line, items);
    case SourceKind::kAudio:
      return read_spectrum(line, items);
    case SourceKind::kFeatures:
      return grey_picture(attention);
    case SourceKind::kText:
      break;
  }
  throw std::invalid_argument("text has no picture");
}

std::string title_of(const GridAttention& attention) {
  std::string title;
  for (const auto& word : attention.words) {
    if (!title.empty()) title += ' ';
    title += word;
  }
  return title;
}

}  // namespace

void write_attention_files(const std::string& directory, const SeenLine& line,
                           const SeenItems& items, const GridAttention& attention,
                           const ShownFiles& files) {
  check_grid(attention);
  const Picture picture = read_seen(line, items, attention);
  const bool is_sound = items.kind == SourceKind::kAudio;
  const double seconds = static_cast<double>(picture.width) * items.audio.hop;
  const std::string svg = is_sound ? sound_attention_svg(picture, attention, seconds)
                                   : attention_svg(picture, attention);
  char name[32];
  std::snprintf(name, sizeof name, "%05zu", line.number);
  const std::string stem = (std::filesystem::path(directory) / name).string();
  constexpr int64_t kInRow = 6;
  if (files.png)
    write_file(stem + ".png",
               encode_png(attention_sheet(picture, attention, is_sound ? 1 : kInRow)));
  if (files.svg) write_file(stem + ".svg", svg);
  if (files.html)
    write_file(stem + ".html", attention_page(title_of(attention), picture, attention, svg));
}

}  // namespace weft
