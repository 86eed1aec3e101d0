// weft aligner

#include <unistd.h>

#include <memory>

#include "app/aligner_files.h"
#include "base/error.h"
#include "base/terminal.h"
#include "commands.h"
#include "link_options.h"
#include "option_helpers.h"

namespace weft {
namespace {

struct AlignerArguments {
  AlignerTask task;
  std::optional<WordSplitting> words;
  bool gold_from_one = false, reverse = false;
  bool diagonal = false, variational = false;  // fast_align's; nothing to do
};

void check_inputs(const AlignerTask& task) {
  Problems problems;
  if (task.text.corpus.empty() && (task.text.source.empty() || task.text.target.empty()))
    problems.add(
        "no text is given; expected -s SOURCE -t TARGET, or -i FILE of 'source ||| target'");
  if (!task.text.corpus.empty() && !(task.text.source.empty() && task.text.target.empty()))
    problems.add("a text is given twice: by --input and by --source or --target");
  if (!task.model.empty() && !(task.save.empty() && task.test_source.empty()))
    problems.add("--model aligns the pairs of the text; expected neither --save nor further pairs");
  if (task.test_source.empty() != task.test_target.empty())
    problems.add("--test-source and --test-target are given one without the other");
  problems.throw_if_any();
}

/// fast_align's lines are tokens already, and so is what gold links count. A text whose further
/// pairs are so is cut by itself: the words it shares with them are what its tokens are.
void set_words(const AlignerArguments& arguments, AlignerTask& task) {
  constexpr auto kGiven = WordSplitting::kWhitespace;
  const bool has_gold = !task.gold.path.empty(), has_test = !task.test_source.empty();
  const bool tokens = !task.text.corpus.empty() || (has_gold && !has_test);
  task.cutting.words = arguments.words.value_or(tokens ? kGiven : WordSplitting::kAuto);
  task.cutting.tokens = task.cutting.words != kGiven;
  task.test_words = arguments.words.value_or(tokens || has_gold ? kGiven : WordSplitting::kAuto);
}

void run_aligner(const AlignerArguments& arguments) {
  auto task = arguments.task;
  check_inputs(task);
  if (task.output.empty()) task.output = "-";
  const bool compares = !task.gold.path.empty();
  task.writes_links = !compares || task.output != "-";
  task.gold.first = arguments.gold_from_one ? FirstPosition::kOne : FirstPosition::kZero;
  set_words(arguments, task);
  auto& direction = task.aligner.direction;
  if (arguments.reverse && direction != AlignerDirection::kBoth) {
    direction = direction == AlignerDirection::kForward ? AlignerDirection::kBackward
                                                        : AlignerDirection::kForward;
  }
  task.picture.terminal_width = terminal_columns(STDOUT_FILENO);
  task.picture.colour = task.output == "-" && ::isatty(STDOUT_FILENO) != 0;
  task.model.empty() ? align_text(task) : align_new_pairs(task);
}

void add_text_options(CLI::App& command, AlignerArguments& arguments) {
  auto& task = arguments.task;
  command.add_option("-s,--source", task.text.source,
                     "Source sentences, one a line; plain, .gz or .zst");
  command.add_option("-t,--target", task.text.target,
                     "Translations of the source sentences, one a line");
  command.add_option(
      "-i,--input", task.text.corpus,
      "Instead of -s and -t: lines of 'source ||| target', cut into words by spaces, "
      "as fast_align reads them; - is standard input");
  command.add_option("--test-source", task.test_source,
                     "Further source sentences, aligned together with the text; if given, links of "
                     "these alone are written");
  command.add_option("--test-target", task.test_target, "Translations of the further sentences");
  command
      .add_option("-o,--output", task.output,
                  "File for the links; - is standard output. fast_align's -o, without a file, "
                  "changes nothing")
      ->expected(0, 1)
      ->capture_default_str();
  command.add_option("--save", task.save, "Directory for what is learnt");
  command.add_option(
      "--model", task.model,
      "Directory of what was learnt before: aligns the pairs of the text one by one, as "
      "they come, and learns nothing");
  add_enum_option(command, "--format", task.format,
                  "hard: Pharaoh i-j; posteriors: i-j:strength; json: one object a line; text: a "
                  "picture");
  add_enum_option(
      command, "--words", arguments.words,
      "What counts as a word [auto; with -i, and for pairs with gold links: whitespace]");
}

/// --symmetrize: one of the methods for given links, or by strength, which takes posteriors.
void add_symmetrization_option(CLI::App& command, std::optional<Symmetrization>& method) {
  static const std::string kByStrength = "posterior";
  auto names = all_names<Symmetrization>();
  names.insert(names.begin(), kByStrength);
  std::string choices;
  for (const auto& name : names) choices += (choices.empty() ? "" : ",") + name;
  command
      .add_option_function<std::string>(
          "--symmetrize",
          [&method, names](const std::string& name) {
            method.reset();
            if (name == kByStrength) return;
            if (!from_name(name, method.emplace()))
              throw CLI::ValidationError("--symmetrize", unknown_name("value", name, names));
          },
          "How the two directions become one set of links; posterior: by their strength")
      ->default_str(kByStrength)
      ->type_name("{" + choices + "}");  // completion reads it
}

void add_model_options(CLI::App& command, AlignerOptions& options) {
  constexpr int kMostIterations = 100;
  command.add_option("--model1-iterations", options.model1_iterations, "Passes of IBM model 1")
      ->check(integer_in(within(1, kMostIterations)))
      ->capture_default_str();
  command
      .add_option("--hmm-iterations", options.hmm_iterations,
                  "Passes of the hidden Markov models; 0: model 1 alone")
      ->check(integer_in(within(0, kMostIterations)))
      ->capture_default_str();
  command
      .add_option("--jump-classes", options.jump_classes,
                  "Commonest words of each language that have jumps of their own")
      ->check(integer_in(within(0, 250)))
      ->capture_default_str();
  const auto weight = [&command](const std::string& name, double& value, const std::string& help) {
    command.add_option(name, value, help)->check(number_in(within(0, 1e6)))->capture_default_str();
  };
  weight("--backoff", options.lexicon.backoff, "Pseudo-counts of translations of parts of words");
  weight("--spelling", options.lexicon.spelling, "Pseudo-counts of words written alike");
  command.add_option("--uniform", options.lexicon.uniform, "Pseudo-count of every word")
      ->check(number_in(within(1e-9, 1e6)))
      ->capture_default_str();
  const auto share = [&command](const std::string& name, std::optional<double>& value,
                                const std::string& help, const std::string& range) {
    command
        .add_option(name, value, help + " [" + range + ", by how often words stand in the text]")
        ->check(number_in(within(0, 0.45)));
  };
  share("--nothing", options.moves.nothing, "Probability that a word translates nothing",
        "0.2 to 0.25");
  share("--detour", options.moves.detour,
        "Probability that a word translates any word of the other sentence, out of line with its "
        "neighbours",
        "0 to 0.05");
  share("--uniform-jumps", options.moves.uniform_jumps,
        "Part of the jumps that go to any word alike", "0 to 0.1");
  command
      .add_option("--pruning-cells", options.pruning.cells,
                  "Source words beside target words, in all pairs together, from which on pairs of "
                  "words that stand together once or less than chance has it are dropped")
      ->check(integer_in(within(0, 1e12)))
      ->capture_default_str();
  add_enum_option(command, "--agreement", options.agreement,
                  "How the two directions' probabilities of a link come to one while learning");
  command.add_flag_callback(
      "--no-target-classes", [&options] { options.target_classes = false; },
      "Jumps do not depend on the class of the target word");
  command.add_flag_callback(
      "--no-fertility", [&options] { options.fertility = false; },
      "How many words of the other language a word has elsewhere does not matter");
  command.add_flag_callback(
      "--no-variational", [&options] { options.variational = false; },
      "Judge each link with what it itself added to the counts, as plain expectation maximisation "
      "does");
  command.add_flag_callback(
      "--no-romanize", [&options] { options.romanize = false; },
      "Do not compare names of different scripts by their Latin spelling");
}

void add_fast_align_options(CLI::App& command, AlignerArguments& arguments) {
  command.add_flag("-r,--reverse", arguments.reverse,
                   "Turns --direction round, as fast_align's -r does; links stay source-target");
  const std::string accepted =
      "Taken for the sake of scripts that call fast_align; changes nothing";
  command.add_flag("-d", arguments.diagonal, accepted);
  command.add_flag("-v", arguments.variational, accepted);
}

}  // namespace

void add_aligner_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "aligner", "Align the words of a parallel text, learning from that text alone");
  auto arguments = std::make_shared<AlignerArguments>();
  add_text_options(*command, *arguments);
  add_symmetrization_option(*command, arguments->task.symmetrization);
  command
      ->add_option("--threshold", arguments->task.threshold,
                   "Least strength of a link, with --symmetrize posterior")
      ->check(number_in(within(0, 1)))
      ->capture_default_str();
  add_enum_option(*command, "--direction", arguments->task.aligner.direction,
                  "Models that are trained: both, which agree, or one, whose links are the answer");
  add_gold_options(*command, arguments->task.gold, arguments->gold_from_one);
  add_model_options(*command, arguments->task.aligner);
  add_fast_align_options(*command, *arguments);
  add_threads_option(*command, arguments->task.threads);
  command->callback([arguments] { run_aligner(*arguments); });
}

}  // namespace weft
