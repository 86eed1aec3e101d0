#include "serve/fields.h"

#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/messages.h"
#include "base/number_text.h"
#include "base/utf8.h"
#include "serve/request_error.h"

namespace weft {
namespace {

using Document = nlohmann::json;

[[noreturn]] void refuse_type(const std::string& name, const std::string& found,
                              const std::string& expected) {
  throw RequestError("'" + name + "' is " + found + "; expected " + expected);
}

void require_utf8(std::string_view text, const std::string& what) {
  if (const auto byte = first_invalid_utf8(text))
    throw RequestError("byte " + std::to_string(*byte + 1) + " of " + what + " (" +
                       hex_byte(text[*byte]) + ") is no valid UTF-8");
}

class JsonFields : public Fields {
 public:
  explicit JsonFields(const std::string& body) {
    require_utf8(body, "the request");
    try {
      object_ = Document::parse(body, [](int depth, Document::parse_event_t, Document&) {
        constexpr int kDeepest = 8;
        if (depth > kDeepest) throw RequestError("the request's JSON is nested too deeply");
        return true;
      });
    } catch (const Document::parse_error& error) {
      throw RequestError("the request is no valid JSON (at byte " + std::to_string(error.byte) +
                         ")");
    }
    if (!object_.is_object())
      throw RequestError("the request is " + article(object_) + "; expected an object");
    for (const auto& [name, value] : object_.items())
      if (!value.is_null()) names_.insert(name);
  }

 protected:
  const std::set<std::string>& names() const override { return names_; }
  Texts read_texts(const std::string& name) const override {
    const auto& value = object_.at(name);
    if (value.is_string()) return {{value.get<std::string>()}, false};
    if (!value.is_array()) refuse_type(name, article(value), "a text or a list of texts");
    Texts texts{{}, true};
    for (const auto& entry : value) {
      if (!entry.is_string()) refuse_type(name, "a list with " + article(entry), "texts alone");
      texts.texts.push_back(entry.get<std::string>());
    }
    return texts;
  }
  std::string read_text(const std::string& name) const override {
    const auto& value = object_.at(name);
    if (!value.is_string()) refuse_type(name, article(value), "a text");
    return value.get<std::string>();
  }
  bool read_flag(const std::string& name) const override {
    const auto& value = object_.at(name);
    if (!value.is_boolean()) refuse_type(name, article(value), "true or false");
    return value.get<bool>();
  }
  int64_t read_integer(const std::string& name) const override {
    const auto& value = object_.at(name);
    const bool is_too_large =
        value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX};
    if (!value.is_number_integer() || is_too_large)
      refuse_type(name, value.is_number() ? value.dump() : article(value), "an integer");
    return value.get<int64_t>();
  }
  double read_number(const std::string& name) const override {
    const auto& value = object_.at(name);
    if (!value.is_number()) refuse_type(name, article(value), "a number");
    return value.get<double>();
  }

 private:
  static std::string article(const Document& value) {
    const std::string type = value.type_name();
    if (value.is_null()) return type;
    return (type == "array" || type == "object" ? "an " : "a ") + type;
  }

  Document object_;
  std::set<std::string> names_;
};

std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    return c <= '9' ? c - '0' : std::tolower(static_cast<unsigned char>(c)) - 'a' + 10;
  };
  const auto is_hexadecimal = [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2]))
      throw RequestError("the form has a % without two hexadecimal digits after it");
    decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  require_utf8(decoded, "a field of the form");
  return decoded;
}

class FormFields : public Fields {
 public:
  explicit FormFields(std::string_view body) {
    while (!body.empty()) {
      const auto pair = body.substr(0, body.find('&'));
      body.remove_prefix(std::min(pair.size() + 1, body.size()));
      if (pair.empty()) continue;
      const auto equals = std::min(pair.find('='), pair.size());
      const auto name = percent_decoded(pair.substr(0, equals));
      values_[name].push_back(percent_decoded(pair.substr(std::min(equals + 1, pair.size()))));
      names_.insert(name);
    }
  }

 protected:
  const std::set<std::string>& names() const override { return names_; }
  Texts read_texts(const std::string& name) const override {
    const auto& values = values_.at(name);
    return {values, values.size() > 1};
  }
  std::string read_text(const std::string& name) const override {
    const auto& values = values_.at(name);
    if (values.size() > 1)
      throw RequestError("'" + name + "' is given " + std::to_string(values.size()) +
                         " times; expected once");
    return values.front();
  }
  bool read_flag(const std::string& name) const override {
    const auto value = read_text(name);
    if (value == "true" || value == "1") return true;
    if (value != "false" && value != "0") refuse_type(name, "'" + value + "'", "true or false");
    return false;
  }
  int64_t read_integer(const std::string& name) const override {
    const auto text = read_text(name);
    int64_t value = 0;
    if (!parse_number(text, value)) refuse_type(name, "'" + text + "'", "an integer");
    return value;
  }
  double read_number(const std::string& name) const override {
    const auto text = read_text(name);
    double value = 0;
    if (!parse_number(text, value)) refuse_type(name, "'" + text + "'", "a number");
    return value;
  }

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::set<std::string> names_;
};

}  // namespace

bool Fields::asks_for(const std::string& name) {
  asked_.insert(name);
  return has(name);
}

std::optional<std::string> Fields::text(const std::string& name) {
  if (!asks_for(name)) return std::nullopt;
  return read_text(name);
}

std::optional<Texts> Fields::texts(const std::string& name) {
  if (!asks_for(name)) return std::nullopt;
  return read_texts(name);
}

std::optional<bool> Fields::flag(const std::string& name) {
  if (!asks_for(name)) return std::nullopt;
  return read_flag(name);
}

std::optional<int64_t> Fields::integer(const std::string& name, const Range& range) {
  if (!asks_for(name)) return std::nullopt;
  const auto value = read_integer(name);
  if (!range.contains(static_cast<double>(value)))
    refuse_type(name, std::to_string(value), "an integer " + range.text());
  return value;
}

std::optional<double> Fields::number(const std::string& name, const Range& range) {
  if (!asks_for(name)) return std::nullopt;
  const auto value = read_number(name);
  if (!range.contains(value)) refuse_type(name, shortest_number(value), "a number " + range.text());
  return value;
}

void Fields::require_all_known() const {
  for (const auto& name : names())
    if (!asked_.contains(name))
      throw RequestError(
          unknown_name("field", name, std::vector<std::string>(asked_.begin(), asked_.end())));
}

std::unique_ptr<Fields> read_fields(const std::string& content_type, const std::string& body) {
  std::string type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (type.empty() || type == "application/json") return std::make_unique<JsonFields>(body);
  if (type == "application/x-www-form-urlencoded") return std::make_unique<FormFields>(body);
  throw RequestError(
      "the content type is not known; expected application/json or "
      "application/x-www-form-urlencoded",
      415);
}

}  // namespace weft
