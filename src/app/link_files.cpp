#include "app/link_files.h"

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "align/bootstrap.h"
#include "app/output.h"
#include "app/parallel_lines.h"
#include "base/byte_source.h"
#include "base/error.h"
#include "base/messages.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr std::size_t kWindow = 10000;

std::vector<LinkCounts> counts_of(const std::string& path, const LinkEvaluationTask& task,
                                  const std::vector<std::vector<Link>>& gold) {
  const auto links = read_pharaoh(path, task.links_first);
  if (links.size() != gold.size()) {
    throw UserError(
        unequal_lines({display_name(path), static_cast<int64_t>(links.size())},
                      {display_name(task.gold.path), static_cast<int64_t>(gold.size())}));
  }
  std::vector<LinkCounts> counts;
  for (std::size_t k = 0; k < links.size(); ++k)
    counts.push_back(count_links(task.links_reversed ? reversed(links[k]) : links[k], gold[k]));
  return counts;
}

std::vector<std::vector<Link>> gold_of(const GoldLinks& gold) {
  auto links = read_pharaoh(gold.path, gold.first);
  if (links.empty())
    throw UserError({display_name(gold.path)}, "holds no lines; expected gold links");
  if (gold.reversed)
    for (auto& line : links) line = reversed(line);
  return links;
}

json to_object(const std::string& path, const AlignmentErrorRate& rate, const Interval& interval) {
  return {{"file", display_name(path)},
          {"aer", rate.aer()},
          {"aer_95", {interval.low, interval.high}},
          {"precision", rate.precision()},
          {"recall", rate.recall()},
          {"f1", rate.f1()},
          {"links", rate.counts().hypothesis},
          {"sure_gold_links", rate.counts().sure}};
}

void print_line(const json& object) {
  char text[300];
  std::snprintf(text, sizeof text,
                "AER %.4f (95 %%: %.4f to %.4f)  precision %.4f  recall %.4f  F1 %.4f  (%zu links, "
                "%zu sure gold links)",
                object["aer"].get<double>(), object["aer_95"][0].get<double>(),
                object["aer_95"][1].get<double>(), object["precision"].get<double>(),
                object["recall"].get<double>(), object["f1"].get<double>(),
                object["links"].get<std::size_t>(), object["sure_gold_links"].get<std::size_t>());
  std::cout << text;
  if (object.contains("difference")) {
    std::snprintf(text, sizeof text, "  difference %+.4f (95 %%: %+.4f to %+.4f)",
                  object["difference"].get<double>(), object["difference_95"][0].get<double>(),
                  object["difference_95"][1].get<double>());
    std::cout << text;
  }
  std::cout << "  " << object["file"].get<std::string>() << '\n';
}

}  // namespace

void symmetrize_files(const SymmetrizeTask& task) {
  ParallelLines lines({task.forward, task.backward});
  Output output(task.output, {task.forward, task.backward});
  std::string text;  // whole, since the output is only touched if there is no mistake
  for (auto window = lines.take(kWindow); !window.empty(); window = lines.take(kWindow)) {
    for (std::size_t i = 0; i < window.count(); ++i) {
      const auto forward = parse_pharaoh(window.files[0][i], lines.location(0, i), task.first);
      auto backward = parse_pharaoh(window.files[1][i], lines.location(1, i), task.first);
      if (task.backward_reversed) backward = reversed(backward);
      text += format_pharaoh(symmetrize(forward, backward, task.method)) + '\n';
    }
  }
  output.start();
  output.stream() << text;
  output.finish();
}

void evaluate_links(const LinkEvaluationTask& task) {
  auto files = task.links;
  files.push_back(task.gold.path);
  require_different_streams(files);
  const auto gold = gold_of(task.gold);
  std::vector<LinkCounts> first;
  auto objects = json::array();
  for (const auto& path : task.links) {
    const auto counts = counts_of(path, task, gold);
    AlignmentErrorRate rate;
    for (const auto& sentence : counts) rate.add(sentence);
    auto object = to_object(path, rate, error_rate_interval(counts));
    if (first.empty()) {
      first = counts;
    } else {
      const auto interval = error_rate_difference(first, counts);
      object["difference"] = rate.aer() - objects[0]["aer"].get<double>();
      object["difference_95"] = {interval.low, interval.high};
    }
    objects.push_back(object);
  }
  if (task.json) {
    // A file's name may be any bytes.
    std::cout << objects.dump(1, ' ', false, json::error_handler_t::replace) << '\n';
    return;
  }
  for (const auto& object : objects) print_line(object);
}

}  // namespace weft
