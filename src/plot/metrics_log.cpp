#include "plot/metrics_log.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/log.h"
#include "base/read_file.h"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// What is no quantity of a run: counters, and texts.
bool is_counter(const std::string& key) {
  return key == "event" || key == "updates" || key == "epoch" || key == "seconds" ||
         key == "stalled" || key == "best" || key == "alignment_shift";
}

/// Why a line is none of metrics; "": it is one.
std::string mistake_in(const Json& line) {
  if (line.is_discarded()) return "is no JSON; expected an object, as training writes";
  if (!line.is_object() || !line.contains("event") || !line["event"].is_string())
    return "is no line of metrics; expected an object with \"event\"";
  const auto event = line["event"].get<std::string>();
  if (event != "update" && event != "validation") return "";
  if (!line.contains("updates") || !line["updates"].is_number_integer())
    return "has no \"updates\"; expected a whole number";
  if (line.contains("seconds") && !line["seconds"].is_number())
    return "has \"seconds\" that are no number";
  return "";
}

MetricsEvent event_of(const Json& line) {
  MetricsEvent event;
  event.validates = line["event"] == "validation";
  event.updates = line["updates"].get<std::int64_t>();
  event.seconds = line.value("seconds", kNotANumber);
  for (const auto& [key, value] : line.items()) {
    if (is_counter(key)) continue;
    if (value.is_number()) event.values.emplace_back(key, value.get<double>());
    if (value.is_null()) event.values.emplace_back(key, kNotANumber);  // what was not finite
  }
  return event;
}

class LogReader {
 public:
  LogReader(MetricsLog& log, Problems& problems) : log_(log), problems_(problems) {}

  void read(std::string_view text) {
    for (int number = 1; !text.empty(); ++number) {
      const auto end = text.find('\n');
      const bool is_ended = end != std::string_view::npos;
      read_line({log_.path, number}, text.substr(0, end), is_ended);
      text.remove_prefix(is_ended ? end + 1 : text.size());
    }
    if (problems_.messages().size() == before_ && log_.events.empty())
      problems_.add({log_.path},
                    "holds no updates and no validations; expected metrics.jsonl of a run");
  }

 private:
  void read_line(const Location& place, std::string_view text, bool is_ended) {
    const auto line = Json::parse(text, nullptr, false);
    const auto mistake = mistake_in(line);
    if (!mistake.empty() && !is_ended) {
      log_warning(to_string(place) +
                  ": is not written to its end, as while training runs; it is left out");
      return;
    }
    if (!mistake.empty()) {
      constexpr std::size_t kMostMistakes = 5;  // of a file of something else every line is one
      if (++mistakes_ <= kMostMistakes) problems_.add(place, mistake);
      return;
    }
    if (line["event"] == "update" || line["event"] == "validation")
      log_.events.push_back(event_of(line));
  }

  MetricsLog& log_;
  Problems& problems_;
  std::size_t before_ = problems_.messages().size();
  std::size_t mistakes_ = 0;
};

}  // namespace

std::vector<std::string> MetricsLog::keys() const {
  std::vector<std::string> keys;
  for (const auto& event : events)
    for (const auto& [key, value] : event.values)
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  return keys;
}

MetricsLog read_metrics_log(const std::string& name, const std::string& path, Problems& problems) {
  MetricsLog log{name, path, {}};
  LogReader(log, problems).read(read_file(path));
  return log;
}

}  // namespace weft
