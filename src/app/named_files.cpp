#include "app/named_files.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"

namespace weft {
namespace {

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::string name_of(const std::string& path, const std::string& usual) {
  const auto whole = std::filesystem::path(path).lexically_normal();
  const auto parent = whole.parent_path().filename().string();
  return whole.filename() == usual && !parent.empty() ? parent : whole.stem().string();
}

NamedFile named_file(const std::string& text, const std::string& usual) {
  NamedFile file{"", text};
  const auto equals = text.find('=');
  if (equals != std::string::npos && equals > 0 && !exists(text))
    file = {text.substr(0, equals), text.substr(equals + 1)};
  std::error_code error;
  if (!usual.empty() && std::filesystem::is_directory(file.path, error))
    file.path = (std::filesystem::path(file.path) / usual).string();
  if (file.name.empty()) file.name = name_of(file.path, usual);
  return file;
}

}  // namespace

std::vector<NamedFile> named_files(const std::vector<std::string>& texts, const std::string& usual,
                                   std::size_t most) {
  if (texts.size() > most)
    throw UserError(std::to_string(texts.size()) + " files are given; expected at most " +
                    std::to_string(most));
  std::vector<NamedFile> files, named;
  for (const auto& text : texts) files.push_back(named_file(text, usual));
  const auto count = [](const std::vector<NamedFile>& all, const std::string& name) {
    return std::count_if(all.begin(), all.end(),
                         [&](const NamedFile& file) { return file.name == name; });
  };
  for (const auto& file : files)
    named.push_back(count(files, file.name) > 1 ? NamedFile{file.path, file.path} : file);
  for (const auto& file : named)
    if (count(named, file.name) > 1)
      throw UserError("two files are called '" + file.name + "'; expected NAME=FILE");
  return named;
}

std::vector<std::string> paths_of(const std::vector<NamedFile>& files) {
  std::vector<std::string> paths;
  for (const auto& file : files) paths.push_back(file.path);
  return paths;
}

}  // namespace weft
