#pragma once
// From the lines of a request to its answer, in the form that it came in.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/tag_keeper.h"
#include "serve/batcher.h"
#include "serve/http.h"
#include "serve/served_model.h"
#include "serve/translate_request.h"

namespace weft {

/// What a request needs of a model.
struct PreparedRequest {
  TranslateRequest request;
  std::vector<RequestLine> lines;  ///< without tags, if those are kept
  std::shared_ptr<ServedModel> model;
  AnswerOptions options;
  std::optional<TagKeeper> tags;
};

/// Weft's form: {"model": ..., "translations": [{"text": ..., "lines": [{"source": ..., "n_best":
/// [{"text": ..., "log_prob": ..., "score": ..., "alignment": {...}}, ...]}, ...]}, ...]}, a
/// translation for each text, whose lines are joined by LF; an alignment is what render_json()
/// makes. Of /align: {"model": ..., "alignments": [{"lines": [{...}, ...]}, ...]}.
class RequestJob : public LineJob {
 public:
  RequestJob(PreparedRequest prepared, std::shared_ptr<Reply> reply);

 private:
  void take(std::size_t index, TranslatedLine line) override;
  void finish() override;
  void take_failure(const std::exception& failure) override;
  bool is_abandoned() const override { return reply_->is_abandoned(); }

  /// A translated line, as the answer holds it.
  struct LineAnswer {
    std::vector<std::string> texts;  // best first
    std::string json;                // of Weft's form alone
  };
  void send_event(const std::string& name, const std::string& data);
  static std::string score_json(const TranslatedLine& line);
  std::string line_json(std::size_t index, const TranslatedLine& line,
                        const std::vector<std::string>& texts) const;
  std::string alignment_json(std::size_t index, const TranslatedLine& line,
                             const Translation& translation, const std::string* tagged) const;
  /// The lines of one text, joined; `k`: which of their translations.
  std::string joined(std::size_t text, std::size_t k) const;
  std::string own_answer() const;
  std::string libretranslate_answer() const;
  std::string deepl_answer() const;

  TranslateRequest request_;
  std::vector<std::size_t> text_of_line_;
  std::shared_ptr<ServedModel> model_;
  std::optional<TagKeeper> tags_;
  std::shared_ptr<Reply> reply_;
  std::vector<LineAnswer> answers_;
  std::size_t bytes_ = 0;
  bool has_events_ = false;  // some have been sent
};

}  // namespace weft
