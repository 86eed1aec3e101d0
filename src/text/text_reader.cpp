#include "text/text_reader.h"

namespace weft {

bool TextReader::next(FactoredLine& line) {
  std::string read;
  while (!reader_ || !reader_->next(read)) {
    if (next_file_ == files_.size()) return false;
    reader_.emplace(files_[next_file_++].column);
  }
  const FactorFormat& factors = files_[next_file_ - 1].factors;
  try {
    line = split_factors(read, factors);
  } catch (const UserError& error) {
    throw BadLine(reader_->location(), error.what(), "have words without their factors");
  }
  return true;
}

bool TextReader::next(std::string& line) {
  FactoredLine split;
  if (!next(split)) return false;
  line = std::move(split.text);
  return true;
}

void check_factors(const std::vector<TextColumn>& files, const FactorFormat& format,
                   Problems& problems) {
  if (format.count == 0) return;
  for (const TextColumn& file : files) {
    BadLines bad;
    try {
      TextReader reader({{file, format}});
      FactoredLine line;
      for (bool more = true; more;) bad.passes([&] { more = reader.next(line); });
    } catch (const UserError& error) {
      problems.add(error.what());
    }
    bad.tell(problems);
  }
}

}  // namespace weft
