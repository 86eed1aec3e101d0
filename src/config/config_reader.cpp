#include "config/config_reader.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/messages.h"
#include "base/read_file.h"
#include "config/checks.h"
#include "config/key_table.h"
#include "config/old_keys.h"
#include "config/scalar_text.h"
#include "config/yaml_document.h"

namespace weft {
namespace {

/// "12" and "1.3" as they are, other text quoted, a list or map by its kind.
std::string describe_found(const YAML::Node& node) {
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a map of keys";
  if (!node.IsScalar()) return "empty";
  double number = 0;
  return parse_scalar(node.Scalar(), number) ? node.Scalar() : "'" + node.Scalar() + "'";
}

/// The entries of a list of scalars, in brackets.
std::string describe_entries(const YAML::Node& list) {
  std::string all;
  for (const YAML::Node& entry : list) all += (all.empty() ? "" : ", ") + describe_found(entry);
  return "[" + all + "]";
}

/// The texts of a scalar or of a list of scalars; nothing for any other node.
std::optional<std::vector<std::string>> texts_of(const YAML::Node& node, bool takes_list) {
  if (node.IsScalar()) return std::vector{node.Scalar()};
  if (!node.IsSequence() || !takes_list) return std::nullopt;
  std::vector<std::string> texts;
  for (const YAML::Node& item : node) {
    if (!item.IsScalar()) return std::nullopt;
    texts.push_back(item.Scalar());
  }
  return texts;
}

/// What stands behind "=". Only what a bracket or a quote announces as YAML is read as YAML, for a
/// path may hold ": " and " #". Throws UserError, without a place.
YAML::Node override_value(const std::string& text, bool takes_list) {
  if (text.empty() && takes_list) return YAML::Node(YAML::NodeType::Sequence);
  const bool is_yaml = text.starts_with('[') || text.starts_with('"') || text.starts_with('\'');
  if (!is_yaml) return YAML::Node(text);
  std::vector<YAML::Node> values;
  try {
    values = YAML::LoadAll(text);
  } catch (const YAML::Exception& error) {
    throw UserError("not valid YAML: " + error.msg);
  }
  if (values.size() != 1) throw UserError("text behind the value; expected one value");
  return values.front();
}

/// Fills a Config from a YAML tree and from overrides, and collects what is wrong with them.
class Reader {
 public:
  explicit Reader(const std::string& file) : table_(config_), old_table_(bind_keys(old_)) {
    places_.file = file;
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void read_section(const YAML::Node& node, const std::string& section, const Location& place);
  void apply_override(const std::string& assignment);
  /// Runs the cross-field checks.
  ConfigReading finish();

 private:
  void read_entry(const YAML::Node& name_node, const YAML::Node& value, const std::string& section);
  void read_key(const BoundKey& key, const YAML::Node& value, const Location& place);
  void add(const Location& place, const std::string& message) {
    problems_.push_back({place, message});
  }
  std::string describe_unknown_path(const std::string& path) const;
  /// Null if there is no such key, not even an old one.
  const BoundKey* find(const std::string& path) const;
  Location file_place(const YAML::Node& node) const { return place_of(node, places_.file); }

  Config config_;
  KeyTable table_;  // bound to config_
  OldKeys old_;
  std::vector<BoundKey> old_table_;  // bound to old_
  KeyPlaces places_;
  std::vector<LocatedProblem> problems_;
};

void Reader::read_section(const YAML::Node& node, const std::string& section,
                          const Location& place) {
  if (node.IsNull() && !section.empty()) return;  // its keys may all be commented out
  if (!node.IsMap()) {
    const std::string what = section.empty() ? "this file" : section;
    places_.unreadable.insert(section);
    add(place, what + " is " + describe_found(node) + "; expected a section with the keys " +
                   join_alternatives(table_.names_in(section)));
    return;
  }
  std::map<std::string, int> first_lines;
  for (const auto& entry : node) {
    const Location name_place = file_place(entry.first);
    if (!entry.first.IsScalar()) {
      add(name_place, "a key is " + describe_found(entry.first) + "; expected a name");
      continue;
    }
    const std::string name = entry.first.Scalar();
    const auto [first, is_new] = first_lines.emplace(name, name_place.line);
    if (is_new) {
      read_entry(entry.first, entry.second, section);
    } else {
      const std::string where = section.empty() ? "at the top level" : "in '" + section + "'";
      add(name_place, "key '" + name + "' appears twice " + where + "; the first is in line " +
                          std::to_string(first->second));
    }
  }
}

void Reader::read_entry(const YAML::Node& name_node, const YAML::Node& value,
                        const std::string& section) {
  const std::string name = name_node.Scalar();
  const std::string path = join_path(section, name);
  const Location value_place = file_place(value.IsNull() ? name_node : value);
  const bool is_one_name = !name.empty() && name.find('.') == std::string::npos;
  if (const BoundKey* key = is_one_name ? find(path) : nullptr) {
    read_key(*key, value, value_place);
  } else if (is_one_name && table_.is_section(path)) {
    read_section(value, path, value_place);
  } else {
    places_.unreadable.insert(path);
    add(file_place(name_node), table_.describe_unknown(section, name));
  }
}

const BoundKey* Reader::find(const std::string& path) const {
  const auto old = std::find_if(old_table_.begin(), old_table_.end(),
                                [&](const BoundKey& key) { return key.path() == path; });
  return old == old_table_.end() ? table_.find(path) : &*old;
}

void Reader::read_key(const BoundKey& key, const YAML::Node& value, const Location& place) {
  const std::string path = key.path();
  places_.written[path] = place;
  const auto texts = texts_of(value, key.takes_list);
  const std::string expected = texts ? key.read(*texts) : key.expected;
  if (expected.empty()) return;
  places_.unreadable.insert(path);
  const bool is_list = texts && value.IsSequence();  // as it should be, but of something else
  const auto found = is_list ? describe_entries(value) : describe_found(value);
  add(place, path + " is " + found + "; expected " + expected);
}

std::string Reader::describe_unknown_path(const std::string& path) const {
  std::string section;
  for (std::size_t start = 0;;) {
    const std::size_t end = std::min(path.find('.', start), path.size());
    const std::string name = path.substr(start, end - start);
    const std::string inner = join_path(section, name);
    if (table_.find(inner) != nullptr)
      return "'" + inner + "' is a key, not a section; expected " + inner + "=value";
    if (name.empty() || !table_.is_section(inner)) return table_.describe_unknown(section, name);
    section = inner;
    start = std::min(end + 1, path.size());
  }
}

void Reader::apply_override(const std::string& assignment) {
  require_text(assignment, "--set");  // it would be written into the model's config
  const Location place{.file = "--set " + assignment};
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) return add(place, "expected section.key=value");
  const std::string path = assignment.substr(0, equals);
  const std::string text = assignment.substr(equals + 1);
  const BoundKey* key = find(path);
  if (key == nullptr) {
    const bool is_section = !path.empty() && table_.is_section(path);
    places_.unreadable.insert(path);
    return add(place, is_section ? "'" + path + "' is a section; expected one of its keys " +
                                       join_alternatives(table_.names_in(path))
                                 : describe_unknown_path(path));
  }
  places_.unreadable.erase(path);
  try {
    read_key(*key, override_value(text, key->takes_list), place);
  } catch (const UserError& error) {
    add(place, error.what());
  }
}

ConfigReading Reader::finish() {
  take_old_keys(old_, config_);
  for (const BoundKey& key : old_table_)  // how many sources there are is not known then
    if (places_.unreadable.contains(key.path())) places_.unreadable.insert("data.source_kind");
  for (LocatedProblem& problem : check_config(config_, places_))
    problems_.push_back(std::move(problem));
  // In the order of the file, then the overrides.
  std::stable_sort(problems_.begin(), problems_.end(),
                   [&](const LocatedProblem& a, const LocatedProblem& b) {
                     const bool a_is_override = a.place.file != places_.file;
                     const bool b_is_override = b.place.file != places_.file;
                     return std::tie(a_is_override, a.place.line, a.place.column) <
                            std::tie(b_is_override, b.place.line, b.place.column);
                   });
  return {std::move(config_), std::move(places_), std::move(problems_)};
}

ConfigReading read_anyway(const std::string& yaml, const std::string& file_name,
                          const std::vector<std::string>& overrides) {
  Reader reader(file_name);
  const YAML::Node document = parse_yaml(yaml, file_name);
  reader.read_section(document, "", place_of(document, file_name));
  for (const std::string& assignment : overrides) reader.apply_override(assignment);
  return reader.finish();
}

}  // namespace

Config parse_config(const std::string& yaml, const std::string& file_name,
                    const std::vector<std::string>& overrides) {
  auto reading = read_anyway(yaml, file_name, overrides);
  reading.throw_if_wrong();
  return std::move(reading.config);
}

void ConfigReading::throw_if_wrong() const {
  Problems all;
  for (const LocatedProblem& problem : problems) all.add(problem.place, problem.message);
  all.throw_if_any();
}

ConfigReading read_config_anyway(const std::string& path,
                                 const std::vector<std::string>& overrides) {
  return read_anyway(read_file(path), display_name(path), overrides);
}

Config read_config(const std::string& path, const std::vector<std::string>& overrides) {
  return parse_config(read_file(path), display_name(path), overrides);
}

}  // namespace weft
