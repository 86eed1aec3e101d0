#pragma once
// What a client wants translated, in any of three forms.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "search/sampling_options.h"
#include "serve/fields.h"

namespace weft {

enum class RequestForm { kWeft, kLibreTranslate, kDeepL };

struct TranslateRequest {
  RequestForm form = RequestForm::kWeft;
  std::string model;                             ///< "": by the languages, or the only one
  std::string source_language, target_language;  ///< "": any
  Texts texts;
  std::vector<std::string> targets;  ///< of POST /align and /score: the translation of each text
  bool scores = false;               ///< POST /score
  std::optional<int64_t> beam_size;
  std::optional<int64_t> n_best;
  std::optional<int64_t> samples;  ///< translations that are drawn, all different
  SamplingOptions sampling;
  bool with_alignment = false;
  bool keeps_tags = false;  ///< tags are taken out and put back
  bool streams = false;     ///< server-sent events, a line each
};

/// The most that a client may ask for.
struct RequestLimits {
  std::size_t lines = 2000;
  std::size_t line_bytes = 16384;
  int64_t beam_size = 20;
};

/// POST /translate: Weft's own form ("text") or LibreTranslate's ("q"). Throws RequestError.
TranslateRequest read_translate_request(Fields& fields, const RequestLimits& limits);
/// POST /v2/translate of DeepL's API.
TranslateRequest read_deepl_request(Fields& fields);
/// POST /align, POST /score: "source" and "target".
TranslateRequest read_align_request(Fields& fields);
TranslateRequest read_score_request(Fields& fields);

/// A text as lines, which are translated one by one; which text each is from.
struct RequestLine {
  std::size_t text = 0;
  std::string source;
  std::string target = {};
};

/// Ends of lines are LF, CRLF or CR. Throws RequestError if there are too many, if one is too long,
/// or if a text and its translation have not as many.
std::vector<RequestLine> lines_of(const TranslateRequest& request, const RequestLimits& limits);

}  // namespace weft
