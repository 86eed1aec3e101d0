#include "text/sentencepiece_vocabulary.h"

#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "text/control_characters.h"
#include "text/piece_spans.h"
#include "text/sentencepiece_api.h"

namespace weft {
namespace {

constexpr const char* kReservedPieces[] = {"<pad>", "<unk>", "<s>", "</s>"};

/// What SentencePiece answers, copied out of its callbacks.
struct Answer {
  std::vector<int32_t> model_ids;
  std::vector<ReportedPiece> pieces;
  std::string text;
  std::string error;
};

void receive_token(void* context, const WeftSpToken* token) {
  auto* answer = static_cast<Answer*>(context);
  answer->model_ids.push_back(token->id);
  answer->pieces.push_back(
      {std::string(token->piece, token->piece_size), {token->begin, token->end}});
}

void receive_text(void* context, const char* data, std::size_t size) {
  static_cast<Answer*>(context)->text.assign(data, size);
}

void receive_error(void* context, const char* data, std::size_t size) {
  static_cast<Answer*>(context)->error.assign(data, size);
}

void receive_string(void* context, const char* data, std::size_t size) {
  static_cast<std::string*>(context)->assign(data, size);
}

/// Ids that produce no text.
bool is_silent(int32_t id) { return id == kPadId || id == kBeginId || id == kEndId; }

}  // namespace

void SentencePieceVocabulary::FreeModel::operator()(WeftSpModel* model) const {
  sentencepiece_api().free(model);
}

SentencePieceVocabulary::SentencePieceVocabulary(std::string model, const std::string& name)
    : model_bytes_(std::move(model)) {
  const WeftSpApi& api = sentencepiece_api();
  std::string error;
  model_.reset(api.load(model_bytes_.data(), model_bytes_.size(), &error, receive_string));
  if (model_ == nullptr) {
    throw UserError({name}, "not a SentencePiece model, or a damaged one");
  }
  ids_ = std::make_unique<SentencePieceIds>(api.size(model_.get()), api.reserved(model_.get()));
  read_pieces(name);
}

void SentencePieceVocabulary::read_pieces(const std::string& name) {
  const WeftSpApi& api = sentencepiece_api();
  for (int32_t id = 0; id < size(); ++id) {
    const int32_t model_id = ids_->to_model(id);
    std::string text = id < kFirstOrdinaryId ? kReservedPieces[id] : "";
    bool is_byte = false;
    if (model_id != SentencePieceIds::kNone) {
      api.piece(model_.get(), model_id, &text, receive_string);
      is_byte = api.is_byte(model_.get(), model_id) != 0 && byte_of_piece(text).has_value();
    }
    if (first_invalid_utf8(text)) {
      throw UserError({name}, "piece " + std::to_string(model_id) +
                                  " is not valid UTF-8; expected a SentencePiece model of text");
    }
    pieces_.push_back(text);
    is_byte_.push_back(is_byte);
  }
}

std::string_view SentencePieceVocabulary::piece(int64_t id) const {
  return pieces_.at(static_cast<std::size_t>(id));
}

EncodedLine SentencePieceVocabulary::encode(std::string_view line) const {
  if (first_invalid_utf8(line)) throw std::invalid_argument("encode: line is not valid UTF-8");
  Answer answer;
  if (!sentencepiece_api().encode(model_.get(), line.data(), line.size(), &answer, receive_token,
                                  receive_error)) {
    throw std::runtime_error("SentencePiece cannot encode a line: " + answer.error);
  }
  EncodedLine encoded;
  for (std::size_t i = 0; i < answer.pieces.size(); ++i) {
    encoded.ids.push_back(ids_->from_model(answer.model_ids[i]));
    answer.pieces[i].is_byte = is_byte_[static_cast<std::size_t>(encoded.ids[i])];
  }
  encoded.spans = piece_spans(line, answer.pieces);
  for (ReportedPiece& piece : answer.pieces) encoded.pieces.push_back(std::move(piece.text));
  return encoded;
}

std::vector<int32_t> SentencePieceVocabulary::unprintable_ids() const {
  std::vector<int32_t> ids;
  for (std::size_t id = 0; id < pieces_.size(); ++id) {
    const auto byte = is_byte_[id] ? byte_of_piece(pieces_[id]) : std::nullopt;
    const std::string text = byte ? std::string(1, static_cast<char>(*byte)) : pieces_[id];
    if (has_control_character(text)) ids.push_back(static_cast<int32_t>(id));
  }
  return ids;
}

DecodedLine SentencePieceVocabulary::decode(const std::vector<int32_t>& ids) const {
  std::vector<int32_t> model_ids;
  for (const int32_t id : ids) {
    const int32_t model_id = ids_->to_model(id);
    if (!is_silent(id)) model_ids.push_back(model_id);
  }
  Answer answer;
  if (!sentencepiece_api().decode(model_.get(), model_ids.data(), model_ids.size(), &answer,
                                  receive_token, receive_text, receive_error) ||
      answer.pieces.size() != model_ids.size()) {
    throw std::runtime_error("SentencePiece cannot decode a line: " + answer.error);
  }
  make_printable(answer.text);
  for (std::size_t i = 0; i < model_ids.size(); ++i) {
    const int32_t id = ids_->from_model(model_ids[i]);
    answer.pieces[i].is_byte = is_byte_[static_cast<std::size_t>(id)];
  }
  const std::vector<Span> spans = piece_spans(answer.text, answer.pieces);

  DecodedLine decoded;
  std::size_t spoken = 0;  // tokens of the answer placed so far
  for (const int32_t id : ids) {
    decoded.pieces.push_back(pieces_[static_cast<std::size_t>(id)]);
    const std::size_t here = decoded.spans.empty() ? 0 : decoded.spans.back().end;
    decoded.spans.push_back(is_silent(id) ? Span{here, here} : spans[spoken++]);
  }
  decoded.text = std::move(answer.text);
  return decoded;
}

}  // namespace weft
