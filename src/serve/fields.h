#pragma once
// What a request says, in JSON or as a form.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/range.h"

namespace weft {

/// A text, or a list of them.
struct Texts {
  std::vector<std::string> texts;
  bool is_list = false;
};

/// The fields of one request. What is not of the type that is asked for throws RequestError, with
/// the field's name, what was found and what was expected. Texts are valid UTF-8. A null is no
/// field.
class Fields {
 public:
  virtual ~Fields() = default;
  bool has(const std::string& name) const { return names().contains(name); }
  std::optional<std::string> text(const std::string& name);
  std::optional<Texts> texts(const std::string& name);
  std::optional<bool> flag(const std::string& name);
  std::optional<int64_t> integer(const std::string& name, const Range& range);
  std::optional<double> number(const std::string& name, const Range& range);
  /// Throws RequestError if there is a field that nobody has asked for.
  void require_all_known() const;

 protected:
  virtual const std::set<std::string>& names() const = 0;
  virtual Texts read_texts(const std::string& name) const = 0;
  virtual std::string read_text(const std::string& name) const = 0;
  virtual bool read_flag(const std::string& name) const = 0;
  virtual int64_t read_integer(const std::string& name) const = 0;
  virtual double read_number(const std::string& name) const = 0;

 private:
  bool asks_for(const std::string& name);

  std::set<std::string> asked_;
};

/// Reads a body as its content type says: application/json (or none), or
/// application/x-www-form-urlencoded. Throws RequestError.
std::unique_ptr<Fields> read_fields(const std::string& content_type, const std::string& body);

}  // namespace weft
