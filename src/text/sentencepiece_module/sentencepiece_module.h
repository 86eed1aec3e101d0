#pragma once
// The line between Weft and SentencePiece: plain C.
//
// Debian's libsentencepiece carries its own protobuf, which clashes with the one LibTorch brings.
// So a small shared library of ours links it alone and is loaded with its symbols kept apart. No
// memory changes owner across this line and no exception crosses it: what one side gives the other
// is copied before the call, or the callback, returns.

#include <cstddef>
#include <cstdint>

extern "C" {

struct WeftSpModel;  // one loaded model; safe to use from several threads at once

/// Receives bytes that live until it returns.
using WeftSpBytes = void (*)(void* context, const char* data, std::size_t size);

/// One token of a line that was encoded or decoded: bytes [begin, end) of the text, as
/// SentencePiece counts them.
struct WeftSpToken {
  int32_t id;
  const char* piece;
  std::size_t piece_size;
  uint32_t begin;
  uint32_t end;
};
using WeftSpTokens = void (*)(void* context, const WeftSpToken* token);

/// Ids a model reserves; -1 where it has none.
struct WeftSpReserved {
  int32_t pad;
  int32_t unknown;
  int32_t begin;
  int32_t end;
};

/// How a segmentation is drawn: see SentencePieceProcessor::SampleEncode.
struct WeftSpSampling {
  int nbest;
  float alpha;
  uint32_t seed;
};

/// Name and value of an option of SentencePiece's trainer.
struct WeftSpOption {
  const char* name;
  const char* value;
};

/// Training text: next_line puts a line that lives until the next call into data and size, and
/// returns 0 at the end.
struct WeftSpLines {
  void* context;
  int (*next_line)(void* context, const char** data, std::size_t* size);
};

/// What the module offers. Functions that can fail return 0 then, and have given the reason to
/// `on_error`.
struct WeftSpApi {
  WeftSpModel* (*load)(const char* bytes, std::size_t size, void* context, WeftSpBytes on_error);
  void (*free)(WeftSpModel* model);
  int32_t (*size)(const WeftSpModel* model);
  WeftSpReserved (*reserved)(const WeftSpModel* model);
  int (*is_byte)(const WeftSpModel* model, int32_t id);
  void (*piece)(const WeftSpModel* model, int32_t id, void* context, WeftSpBytes on_piece);
  int (*encode)(const WeftSpModel* model, const char* line, std::size_t size, void* context,
                WeftSpTokens on_token, WeftSpBytes on_error);
  /// A segmentation drawn at random, the same for the same seed in every thread.
  int (*sample)(const WeftSpModel* model, const char* line, std::size_t size,
                WeftSpSampling sampling, void* context, WeftSpTokens on_token,
                WeftSpBytes on_error);
  int (*decode)(const WeftSpModel* model, const int32_t* ids, std::size_t count, void* context,
                WeftSpTokens on_token, WeftSpBytes on_text, WeftSpBytes on_error);
  int (*train)(const WeftSpOption* options, std::size_t count, uint32_t seed, WeftSpLines lines,
               void* context, WeftSpBytes on_model, WeftSpBytes on_error);
};

/// The module's only symbol.
const WeftSpApi* weft_sentencepiece_api();
}
