#include "text/sentencepiece_module/sentencepiece_module.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <exception>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// Of the library, not of its headers: each thread's generator. SampleEncode draws from it.
namespace sentencepiece::random {
std::mt19937* GetRandomGenerator();
}

struct WeftSpModel {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

using sentencepiece::ImmutableSentencePieceText;
using sentencepiece::util::Status;

void give(std::string_view text, void* context, WeftSpBytes receive) {
  receive(context, text.data(), text.size());
}

/// Runs `work`, which returns a Status; true if it succeeded, else the reason has been given.
template <typename Work>
int guarded(void* context, WeftSpBytes on_error, Work&& work) {
  try {
    const Status status = work();
    if (status.ok()) return 1;
    give(status.message(), context, on_error);
  } catch (const std::exception& error) {
    give(error.what(), context, on_error);
  }
  return 0;
}

void give_tokens(const ImmutableSentencePieceText& text, void* context, WeftSpTokens on_token) {
  for (const auto& piece : text.pieces()) {
    const WeftSpToken token{static_cast<int32_t>(piece.id()), piece.piece().data(),
                            piece.piece().size(), piece.begin(), piece.end()};
    on_token(context, &token);
  }
}

WeftSpModel* load(const char* bytes, std::size_t size, void* context, WeftSpBytes on_error) {
  std::unique_ptr<WeftSpModel> model;
  const int loaded = guarded(context, on_error, [&] {
    model = std::make_unique<WeftSpModel>();
    const Status status = model->processor.LoadFromSerializedProto(std::string_view(bytes, size));
    return status.ok() ? model->processor.status() : status;
  });
  return loaded ? model.release() : nullptr;
}

void free_model(WeftSpModel* model) { delete model; }

int32_t model_size(const WeftSpModel* model) { return model->processor.GetPieceSize(); }

WeftSpReserved reserved(const WeftSpModel* model) {
  const auto& processor = model->processor;
  return {processor.pad_id(), processor.unk_id(), processor.bos_id(), processor.eos_id()};
}

int is_byte(const WeftSpModel* model, int32_t id) { return model->processor.IsByte(id) ? 1 : 0; }

void piece(const WeftSpModel* model, int32_t id, void* context, WeftSpBytes on_piece) {
  give(model->processor.IdToPiece(id), context, on_piece);
}

int encode(const WeftSpModel* model, const char* line, std::size_t size, void* context,
           WeftSpTokens on_token, WeftSpBytes on_error) {
  return guarded(context, on_error, [&] {
    ImmutableSentencePieceText text;
    const Status status =
        model->processor.Encode(std::string_view(line, size), text.mutable_proto());
    if (status.ok()) give_tokens(text, context, on_token);
    return status;
  });
}

int sample(const WeftSpModel* model, const char* line, std::size_t size, WeftSpSampling sampling,
           void* context, WeftSpTokens on_token, WeftSpBytes on_error) {
  return guarded(context, on_error, [&] {
    *sentencepiece::random::GetRandomGenerator() = std::mt19937(sampling.seed);
    ImmutableSentencePieceText text;
    const Status status = model->processor.SampleEncode(
        std::string_view(line, size), sampling.nbest, sampling.alpha, text.mutable_proto());
    if (status.ok()) give_tokens(text, context, on_token);
    return status;
  });
}

int decode(const WeftSpModel* model, const int32_t* ids, std::size_t count, void* context,
           WeftSpTokens on_token, WeftSpBytes on_text, WeftSpBytes on_error) {
  return guarded(context, on_error, [&] {
    ImmutableSentencePieceText text;
    const std::vector<int> id_list(ids, ids + count);
    const Status status = model->processor.Decode(id_list, text.mutable_proto());
    if (status.ok()) {
      give_tokens(text, context, on_token);
      give(text.text(), context, on_text);
    }
    return status;
  });
}

/// Hands SentencePiece the caller's lines one at a time.
class Lines : public sentencepiece::SentenceIterator {
 public:
  explicit Lines(WeftSpLines lines) : lines_(lines) { Next(); }
  bool done() const override { return done_; }
  void Next() override {
    const char* data = nullptr;
    std::size_t size = 0;
    done_ = lines_.next_line(lines_.context, &data, &size) == 0;
    if (!done_) line_.assign(data, size);
  }
  const std::string& value() const override { return line_; }
  Status status() const override { return Status(); }

 private:
  WeftSpLines lines_;
  std::string line_;
  bool done_ = false;
};

int train(const WeftSpOption* options, std::size_t count, uint32_t seed, WeftSpLines lines,
          void* context, WeftSpBytes on_model, WeftSpBytes on_error) {
  return guarded(context, on_error, [&] {
    std::unordered_map<std::string, std::string> arguments;
    for (std::size_t i = 0; i < count; ++i) arguments[options[i].name] = options[i].value;
    sentencepiece::SetRandomGeneratorSeed(seed);
    Lines iterator(lines);
    std::string model;
    const Status status = sentencepiece::SentencePieceTrainer::Train(arguments, &iterator, &model);
    if (status.ok()) give(model, context, on_model);
    return status;
  });
}

constexpr WeftSpApi kApi{load,  free_model, model_size, reserved, is_byte,
                         piece, encode,     sample,     decode,   train};

}  // namespace

const WeftSpApi* weft_sentencepiece_api() { return &kApi; }
