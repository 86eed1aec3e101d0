#include "e2e/tiny_models.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

namespace weft::e2e {
namespace {

/// The same numbers with every standard library.
class Dice {
 public:
  std::size_t below(std::size_t size) { return generator_() % size; }
  template <class Item>
  const Item& one_of(const std::vector<Item>& items) {
    return items[below(items.size())];
  }

 private:
  std::mt19937 generator_{7};
};

struct Text {
  std::string source, target;
  void add(const std::string& source_line, const std::string& target_line) {
    source += source_line + '\n';
    target += target_line + '\n';
  }
};

struct Word {
  std::string english, chinese;
};

void write_texts(const Task& task, const Text& train, const Text& valid) {
  std::filesystem::create_directories(task.directory);
  write_text(task.path("train.src"), train.source);
  write_text(task.path("train.trg"), train.target);
  write_text(task.path("valid.src"), valid.source);
  write_text(task.path("valid.trg"), valid.target);
}

void write_config(const Task& task, const std::string& vocabulary, const std::string& training) {
  std::string data;
  for (const char* part : {"train", "valid"}) {
    data += std::string("  ") + part + "_source: \"" + task.path(part) + ".src\"\n";
    data += std::string("  ") + part + "_target: \"" + task.path(part) + ".trg\"\n";
  }
  write_text(task.config(),
             tiny_config(data, vocabulary,
                         "  log_every: 10u\n" + training + "decoding: {beam_size: 3}\n"));
}

std::string reversal_source(Dice& dice) {
  std::string line;
  for (std::size_t words = 1 + dice.below(6); words > 0; --words) {
    line += static_cast<char>('a' + dice.below(8));
    if (words > 1) line += ' ';
  }
  return line;
}

/// "the old dog", and its Chinese.
Word noun_phrase(Dice& dice) {
  static const std::vector<Word> kDeterminers{{"the", "这"}, {"a", "一"}, {"this", "此"}};
  static const std::vector<Word> kAdjectives{
      {"old", "老"}, {"small", "小"}, {"quick", "快"}, {"green", "绿"}};
  static const std::vector<Word> kNouns{{"dog", "狗"},      {"cat", "猫"},      {"horse", "马"},
                                        {"bird", "鸟"},     {"river", "河"},    {"mountain", "山"},
                                        {"farmer", "农民"}, {"teacher", "老师"}};
  Word phrase = dice.one_of(kDeterminers);
  if (dice.below(2) == 0) {
    const Word& adjective = dice.one_of(kAdjectives);
    phrase = {phrase.english + ' ' + adjective.english, phrase.chinese + adjective.chinese};
  }
  const Word& noun = dice.one_of(kNouns);
  return {phrase.english + ' ' + noun.english, phrase.chinese + noun.chinese};
}

Word chinese_sentence(Dice& dice) {
  static const std::vector<Word> kVerbs{
      {"sees", "看见"}, {"likes", "喜欢"}, {"follows", "跟随"}, {"watches", "观看"}};
  const Word subject = noun_phrase(dice);
  const Word& verb = dice.one_of(kVerbs);
  const Word object = noun_phrase(dice);
  Word sentence{subject.english + ' ' + verb.english + ' ' + object.english + '.',
                object.chinese + subject.chinese + verb.chinese + "。"};
  sentence.english[0] = static_cast<char>(sentence.english[0] - 'a' + 'A');
  return sentence;
}

}  // namespace

std::string reversal_of(const std::string& line) {
  std::string target(line.rbegin(), line.rend());
  for (char& letter : target) {
    if (letter >= 'a') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return target;
}

std::string tiny_config(const std::string& data, const std::string& vocabulary,
                        const std::string& training, const std::string& embedding) {
  return "data:\n" + data + "vocabulary: " + vocabulary +
         "\n"
         "model:\n"
         "  embedding: {source: 24, target: 24" +
         embedding +
         "}\n"
         "  encoder: {hidden: 24}\n"
         "  attention: {width: 24}\n"
         "  decoder: {hidden: 24, readout: 24}\n"
         "  dropout: {embedding: 0, hidden: 0, readout: 0}\n"
         "training:\n"
         "  threads: 1\n"
         "  label_smoothing: 0\n"
         "  optimizer: {learning_rate: 0.01}\n"
         "  schedule: {warmup_steps: 20}\n" +
         training;
}

Task write_reversal_task(const std::string& directory) {
  const Task task{directory};
  Dice dice;
  Text train, valid;
  for (int i = 0; i < 1050; ++i) {
    const auto line = reversal_source(dice);
    (i < 1000 ? train : valid).add(line, reversal_of(line));
  }
  write_texts(task, train, valid);
  write_config(task, "{type: words}",
               "  batch_tokens: 200\n"
               "  stop_after: 16e\n"
               "  validation: {every: 2e, metric: loss, tokenizer: none, beam_size: 1}\n");
  return task;
}

Task write_chinese_task(const std::string& directory) {
  const Task task{directory};
  Dice dice;
  Text train, valid;
  for (int i = 0; i < 420; ++i) {
    const Word pair = chinese_sentence(dice);
    (i < 400 ? train : valid).add(pair.english, pair.chinese);
  }
  write_texts(task, train, valid);
  write_config(task, "{source_size: 300, target_size: 300}",
               "  batch_tokens: 250\n"
               "  stop_after: 14e\n"
               "  validation: {every: 2e, tokenizer: zh, beam_size: 1}\n");
  return task;
}

Task reversal_task() { return {WEFT_E2E_MODELS "/reversal"}; }
Task chinese_task() { return {WEFT_E2E_MODELS "/chinese"}; }
std::string reversal_model() { return reversal_task().path("model"); }
std::string chinese_model() { return chinese_task().path("model"); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace weft::e2e
