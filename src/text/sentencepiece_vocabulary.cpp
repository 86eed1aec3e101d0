#include "text/sentencepiece_vocabulary.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "text/control_characters.h"
#include "text/piece_spans.h"
#include "text/sentencepiece_api.h"
#include "text/sentencepiece_model_check.h"

namespace weft {
namespace {

constexpr const char* kReservedPieces[] = {"<pad>", "<unk>", "<s>", "</s>"};

/// SentencePiece writes a space as U+2581 and cannot tell one in the text from it, so it is shown
/// U+FDD0 instead: a noncharacter of as many bytes, which no text has and no vocabulary knows.
constexpr std::string_view kStandIn = "\xEF\xB7\x90";

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string result(text);
  for (std::size_t at = 0; (at = result.find(what, at)) != std::string::npos; at += with.size())
    result.replace(at, what.size(), with);
  return result;
}

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
  byte_ids_.fill(SentencePieceIds::kNone);
  check_sentencepiece_model(model_bytes_, name);
  const WeftSpApi& api = sentencepiece_api();
  std::string error;
  model_.reset(api.load(model_bytes_.data(), model_bytes_.size(), &error, receive_string));
  if (model_ == nullptr) {
    throw UserError({name}, "not a SentencePiece model, or a damaged one");
  }
  ids_ = std::make_unique<SentencePieceIds>(api.size(model_.get()), api.reserved(model_.get()));
  read_pieces(name);
  try {
    const auto pieces = encode("x").pieces;
    ends_with_blank_ = !pieces.empty() && pieces.back().ends_with(kSpaceMark);
  } catch (const std::runtime_error&) {
    throw UserError({name}, "not a SentencePiece model, or a damaged one");
  }
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
    if (is_byte) byte_ids_[*byte_of_piece(text)] = id;
  }
}

std::string_view SentencePieceVocabulary::piece(int64_t id) const {
  return pieces_.at(static_cast<std::size_t>(id));
}

EncodedLine SentencePieceVocabulary::sample(std::string_view line,
                                            const SegmentationDraw& draw) const {
  if (first_invalid_utf8(line)) throw std::invalid_argument("encode: line is not valid UTF-8");
  const bool has_marks = line.find(kSpaceMark) != std::string_view::npos;
  const std::string shown = has_marks ? replaced(line, kSpaceMark, kStandIn) : std::string();
  const std::string_view text = has_marks ? shown : line;
  Answer answer;
  const auto& api = sentencepiece_api();
  const WeftSpSampling sampling{draw.nbest == 0 ? -1 : static_cast<int>(draw.nbest),
                                static_cast<float>(draw.alpha), draw.seed};
  const int encoded_it = draw.alpha > 0
                             ? api.sample(model_.get(), text.data(), text.size(), sampling, &answer,
                                          receive_token, receive_error)
                             : api.encode(model_.get(), text.data(), text.size(), &answer,
                                          receive_token, receive_error);
  if (!encoded_it) {
    throw std::runtime_error("SentencePiece cannot encode a line: " + answer.error);
  }
  EncodedLine encoded;
  for (std::size_t i = 0; i < answer.pieces.size(); ++i) {
    encoded.ids.push_back(ids_->from_model(answer.model_ids[i]));
    answer.pieces[i].is_byte = is_byte_[static_cast<std::size_t>(encoded.ids[i])];
  }
  if (has_marks) restore_space_marks(line, encoded.ids, answer.pieces);
  encoded.spans = piece_spans(line, answer.pieces);
  for (ReportedPiece& piece : answer.pieces) {
    if (first_invalid_utf8(piece.text)) make_printable(piece.text);  // of a model's own rules
    encoded.pieces.push_back(std::move(piece.text));
  }
  return encoded;
}

void SentencePieceVocabulary::restore_space_marks(std::string_view line, std::vector<int32_t>& ids,
                                                  std::vector<ReportedPiece>& pieces) const {
  const auto byte_id = [&](char byte) { return byte_ids_[static_cast<unsigned char>(byte)]; };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (ids[i] == kUnknownId) pieces[i].text = replaced(pieces[i].text, kStandIn, kSpaceMark);
  }
  for (std::size_t i = 0; i + kStandIn.size() <= ids.size(); ++i) {
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(i);
    const bool is_shown = std::equal(kStandIn.begin(), kStandIn.end(), begin,
                                     [&](char byte, int32_t id) { return byte_id(byte) == id; });
    const auto place = pieces[i + kStandIn.size() - 1].span.begin;  // the last byte has it
    if (!is_shown || !line.substr(std::min(place, line.size())).starts_with(kSpaceMark)) continue;
    for (std::size_t k = 0; k < kSpaceMark.size(); ++k) {
      ids[i + k] = byte_id(kSpaceMark[k]);
      pieces[i + k].text = pieces_[static_cast<std::size_t>(ids[i + k])];
    }
  }
}

std::vector<int32_t> SentencePieceVocabulary::unprintable_ids() const {
  std::vector<int32_t> ids;
  for (int32_t id = 0; id < size(); ++id) {
    if (has_control_character(text_of(id))) ids.push_back(id);
  }
  return ids;
}

std::string SentencePieceVocabulary::text_of(int64_t id) const {
  if (is_silent(static_cast<int32_t>(id))) return "";
  if (id == kUnknownId) return decode({kUnknownId}).text;
  const auto& piece = pieces_.at(static_cast<std::size_t>(id));
  if (is_byte_[static_cast<std::size_t>(id)])
    return {static_cast<char>(byte_of_piece(piece).value_or(0))};
  return replaced(piece, kSpaceMark, " ");
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
  if (ends_with_blank_ && answer.text.ends_with(' ')) answer.text.pop_back();
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
