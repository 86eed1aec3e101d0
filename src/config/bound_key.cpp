#include "config/bound_key.h"

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "base/messages.h"
#include "config/enum_names.h"
#include "config/old_keys.h"
#include "config/scalar_text.h"
#include "config/schema.h"

namespace weft {
namespace {

using Texts = std::vector<std::string>;

/// How messages and lists call what a field takes.
struct FieldKind {
  std::string type;
  std::string expected;
};

FieldKind kind_of(bool, const Anything&) { return {"boolean", "true or false"}; }
FieldKind kind_of(const Period&, const Anything&) { return {"period", kPeriodForm}; }
FieldKind kind_of(const DeviceChoice&, const Anything&) { return {"device", kDeviceForm}; }
FieldKind kind_of(const std::string&, const Anything&) { return {"text", "text"}; }
FieldKind kind_of(const std::string&, const Choices& choices) {
  return {"choice", join_alternatives(choices.names)};
}

FieldKind number_kind(const std::string& type, const std::string& article, const Range& range) {
  const std::string noun = range.noun.empty() ? article + " " + type : range.noun;
  return {type, noun + " " + range.text()};
}
FieldKind kind_of(int64_t, const Range& range) { return number_kind("integer", "an", range); }
FieldKind kind_of(double, const Range& range) { return number_kind("number", "a", range); }

bool is_allowed(const Choices& choices, const std::string& value) {
  return std::find(choices.names.begin(), choices.names.end(), value) != choices.names.end();
}
template <class Number>
bool is_allowed(const Range& range, Number value) {
  return range.contains(static_cast<double>(value));
}
template <class Value>
bool is_allowed(const Anything&, const Value&) {
  return true;
}

template <class Value, class Rule>
std::string read_field(const std::string& text, Value& value, const Rule& rule,
                       const std::string& expected) {
  Value parsed{};
  if (!parse_scalar(text, parsed) || !is_allowed(rule, parsed)) return expected;
  value = std::move(parsed);
  return "";
}

/// Turns each field the schema names into a BoundKey.
class KeyCollector {
 public:
  template <class Options>
  void section(const char* name, Options& options) {
    const std::string parent = section_;
    section_ = parent.empty() ? name : parent + "." + name;
    visit(*this, options);
    section_ = parent;
  }

  template <class Value, class Rule>
  void field(const char* name, Value& value, const Rule& rule, const char* help) {
    const FieldKind kind = kind_of(value, rule);
    BoundKey& key = add(name, kind, help);
    key.read = [&value, rule, expected = kind.expected](const Texts& texts) {
      return read_field(texts.front(), value, rule, expected);
    };
    key.write = [&value] { return format_scalar(value); };
  }

  template <class Value>
  void field(const char* name, Value& value, const char* help) {
    if constexpr (std::is_enum_v<Value>) {
      enum_field(name, value, help);
    } else {
      field(name, value, Anything{}, help);
    }
  }

  void field(const char* name, std::vector<std::string>& paths, const char* help) {
    texts(name, paths, {"paths", "a path or a list of paths"}, false, help);
  }

  void field(const char* name, std::vector<std::string>& items, const TextList& rule,
             const char* help) {
    texts(name, items, {"texts", rule.expected}, rule.may_hold_empty, help);
  }

  template <class Enum>
  requires std::is_enum_v<Enum>
  void field(const char* name, std::vector<Enum>& values, const char* help) {
    choices(name, values, false, help);
  }

  template <class Enum>
  void field(const char* name, std::vector<Enum>& values, const MayBeEmpty&, const char* help) {
    choices(name, values, true, help);
  }

  template <class Number>
  requires std::is_arithmetic_v<Number>
  void field(const char* name, std::vector<Number>& numbers, const Range& range, const char* help) {
    const bool whole = std::is_integral_v<Number>;
    const FieldKind kind{whole ? "integers" : "numbers",
                         (whole ? "a list of integers " : "a list of numbers ") + range.text()};
    BoundKey& key = add(name, kind, help);
    key.takes_list = true;
    key.read = [&numbers, range, expected = kind.expected](const Texts& texts) {
      std::vector<Number> read;
      for (const std::string& text : texts) {
        const auto problem = read_field(text, read.emplace_back(), range, expected);
        if (!problem.empty()) return problem;
      }
      numbers = std::move(read);
      return std::string();
    };
    key.write = [&numbers] { return format_list(numbers); };
  }

  std::vector<BoundKey> take() { return std::move(keys_); }

 private:
  void texts(const char* name, std::vector<std::string>& values, const FieldKind& kind,
             bool may_hold_empty, const char* help) {
    BoundKey& key = add(name, kind, help);
    key.takes_list = true;
    key.read = [&values, may_hold_empty, expected = kind.expected](const Texts& read) {
      if (!may_hold_empty && std::find(read.begin(), read.end(), "") != read.end()) return expected;
      values = read;
      return std::string();
    };
    key.write = [&values] { return format_list(values); };
  }

  template <class Enum>
  void choices(const char* name, std::vector<Enum>& values, bool may_be_empty, const char* help) {
    const FieldKind kind{"choices", "a list of " + join_alternatives(all_names<Enum>())};
    BoundKey& key = add(name, kind, help);
    key.takes_list = true;
    key.read = [&values, may_be_empty, expected = kind.expected](const Texts& texts) {
      std::vector<Enum> read;
      for (const std::string& text : texts)
        if (!from_name(text, read.emplace_back())) return expected;
      if (read.empty() && !may_be_empty) return expected;
      values = std::move(read);
      return std::string();
    };
    key.write = [&values] {
      std::vector<std::string> names;
      for (const Enum value : values) names.push_back(to_name(value));
      return format_list(names);
    };
  }

  template <class Enum>
  void enum_field(const char* name, Enum& value, const char* help) {
    const FieldKind kind{"choice", join_alternatives(all_names<Enum>())};
    BoundKey& key = add(name, kind, help);
    key.read = [&value, expected = kind.expected](const Texts& texts) {
      return from_name(texts.front(), value) ? std::string() : expected;
    };
    key.write = [&value] { return to_name(value); };
  }

  template <class Item>
  static std::string format_list(const std::vector<Item>& items) {
    std::string text = "[";
    for (const Item& item : items) text += (text.size() > 1 ? ", " : "") + format_scalar(item);
    return text + "]";
  }

  BoundKey& add(const char* name, const FieldKind& kind, const char* help) {
    BoundKey key;
    key.section = section_;
    key.name = name;
    key.type = kind.type;
    key.expected = kind.expected;
    key.help = help;
    return keys_.emplace_back(std::move(key));
  }

  std::string section_;
  std::vector<BoundKey> keys_;
};

}  // namespace

std::vector<BoundKey> bind_keys(Config& config) {
  KeyCollector collector;
  visit(collector, config);
  return collector.take();
}

std::vector<BoundKey> bind_keys(OldKeys& keys) {
  KeyCollector collector;
  visit(collector, keys);
  return collector.take();
}

}  // namespace weft
