// The page of weft serve and pages of alignments in a browser: type, see the matrix, hover.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/server.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;

/// Headless Chromium, by its DevTools protocol: messages in JSON, each ended by NUL.
class Browser {
 public:
  explicit Browser(const std::string& url)
      : program_({{"/bin/bash", "-c",
                   "stdbuf -o0 tr '\\n' '\\0' | chromium --headless --no-sandbox --disable-gpu "
                   "--remote-debugging-pipe --user-data-dir=" +
                       profile_.path("profile") +
                       " 3<&0 4>&1 1>/dev/null 2>/dev/null | stdbuf -oL tr '\\0' '\\n'"},
                  "",
                  {}}) {
    const auto target = call("Target.createTarget", {{"url", url}})["targetId"];
    session_ =
        call("Target.attachToTarget", {{"targetId", target}, {"flatten", true}})["sessionId"];
  }
  ~Browser() {
    session_.clear();
    call("Browser.close", json::object());
    program_.wait();
  }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  json call(const std::string& method, const json& parameters) {
    json message{{"id", ++calls_}, {"method", method}, {"params", parameters}};
    if (!session_.empty()) message["sessionId"] = session_;
    program_.write(message.dump() + '\n');
    for (;;) {
      if (lines_.empty()) lines_ = lines_of(rest_ + program_.read_lines(1));
      const auto answer = json::parse(lines_.front(), nullptr, false);
      if (answer.is_discarded() && lines_.size() == 1) {  // the rest has not come yet
        rest_ = lines_.front();
        lines_.clear();
        continue;
      }
      rest_.clear();
      lines_.erase(lines_.begin());
      if (answer.value("id", 0) != calls_) continue;
      if (answer.contains("error")) throw std::runtime_error(answer.dump());
      return answer["result"];
    }
  }
  /// The value of an expression of JavaScript.
  json value(const std::string& expression) {
    return call("Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}})["result"]
        .value("value", json());
  }
  bool becomes(const std::string& expression, const json& wanted) {
    return wait_until([&] { return value(expression) == wanted; }, std::chrono::seconds(30));
  }
  void type(const std::string& text) {
    value("byId('source').focus(); byId('source').select()");
    call("Input.insertText", {{"text", text}});
  }
  /// Moves the pointer to the middle of an element.
  void hover(const std::string& element) {
    value(element + ".scrollIntoView({block: 'center', inline: 'center'})");
    const auto at = value("(() => { const box = " + element +
                          ".getBoundingClientRect(); return [box.x + box.width / 2, box.y + "
                          "box.height / 2]; })()");
    call("Input.dispatchMouseEvent", {{"type", "mouseMoved"}, {"x", at[0]}, {"y", at[1]}});
  }
  void press(const std::string& key) {
    call("Input.dispatchKeyEvent", {{"type", "keyDown"}, {"key", key}});
    call("Input.dispatchKeyEvent", {{"type", "keyUp"}, {"key", key}});
  }

 private:
  TemporaryDirectory profile_;
  RunningProgram program_;
  std::vector<std::string> lines_;
  std::string rest_, session_;
  int calls_ = 0;
};

bool has_chromium() { return run_shell("command -v chromium").status == 0; }

TEST(Page, ShowsTranslationsAndTheirMatrices) {
  if (!has_chromium()) GTEST_SKIP() << "this machine has no chromium";
  Server server({"-m", reversal_model(), "-m", "en-zh=" + chinese_model()});
  Browser browser("http://127.0.0.1:" + std::to_string(server.port()) + "/");
  ASSERT_TRUE(browser.becomes("document.readyState", "complete"));
  ASSERT_TRUE(browser.becomes("byId('model').options.length", 2));
  browser.type("a b c");
  ASSERT_TRUE(browser.becomes("byId('output').innerText.trim()", "C B A"));
  EXPECT_EQ(browser.value("document.querySelectorAll('#matrix .side text').length"), 3);
  EXPECT_GE(browser.value("document.querySelectorAll('#matrix .cell').length"), 3);

  // Hovering a word lights its column, the column's label and what it is linked with.
  browser.hover("document.querySelector('#source-words .word')");
  EXPECT_TRUE(browser.becomes("document.querySelectorAll('#matrix .top text.lit').length", 1));
  EXPECT_EQ(browser.value("document.querySelector('#matrix .body .band.lit').dataset.column"), "0");
  browser.hover("document.querySelector('#matrix .body .cell')");
  EXPECT_TRUE(browser.becomes("document.querySelectorAll('#detail .word.lit').length", 2));

  // The keyboard does too.
  browser.value("byId('matrix').focus()");
  browser.press("ArrowRight");
  EXPECT_TRUE(browser.becomes("byId('told').textContent.startsWith('C – ')", true));

  // Further translations have matrices of their own.
  EXPECT_EQ(browser.value("document.querySelectorAll('#list button').length"), 3);
  browser.value("document.querySelectorAll('#list button')[1].click()");
  EXPECT_EQ(browser.value("byId('target-words').textContent"),
            browser.value("lines[0].n_best[1].text"));

  browser.value("byId('kind').value = 'samples'; byId('kind').dispatchEvent(new Event('change'))");
  EXPECT_TRUE(browser.becomes("byId('list-heading').textContent", "Sampled translations"));
  EXPECT_TRUE(browser.becomes("byId('status').textContent.startsWith('1 line in')", true));
  browser.value("byId('kind').value = 'n_best'; byId('kind').dispatchEvent(new Event('change'))");
  EXPECT_TRUE(browser.becomes("byId('list-heading').textContent", "Best translations"));

  std::string long_text;
  for (int i = 0; i < 500; ++i)
    long_text += std::string(1, static_cast<char>('a' + i % 8)) + (i % 5 == 4 ? "\n" : " ");
  browser.type(long_text);
  EXPECT_TRUE(browser.becomes("byId('output').children.length", 101));
  EXPECT_TRUE(browser.becomes("byId('status').textContent.startsWith('101 lines in')", true));
  EXPECT_EQ(browser.value("document.querySelectorAll('#output button')[99].textContent"),
            "D C B A H");

  // From right to left, and words that the model has never seen.
  browser.type("שלום עולם");
  EXPECT_TRUE(browser.becomes("byId('source-words').textContent", "שלום עולם"));
  EXPECT_EQ(browser.value("getComputedStyle(byId('source-words')).direction"), "rtl");

  browser.value("byId('model').value = 'en-zh'; byId('model').dispatchEvent(new Event('change'))");
  browser.type("The dog sees a cat.");
  EXPECT_TRUE(browser.becomes("/狗/.test(byId('output').innerText)", true));
}

/// What `weft compare` writes, opened as a file.
TEST(Page, OfModelsSideBySideIsExplored) {
  if (!has_chromium()) GTEST_SKIP() << "this machine has no chromium";
  const TemporaryDirectory directory;
  const std::string lines = "a b c d e\nc b\n\nb שלום <b>\n";
  const auto alignments = [&](const std::string& name, std::vector<std::string> more) {
    more.insert(more.begin(), {"translate", "-m", reversal_model(), "--alignment", "json"});
    return directory.write(name, run_weft(more, lines).out);
  };
  const auto wide = alignments("wide.json", {}), narrow = alignments("narrow.json", {"-b", "1"});
  const auto page = directory.path("page.html");
  const auto outcome = run_weft({"compare", wide, narrow, "-o", page});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  Browser browser("file://" + page);
  ASSERT_TRUE(browser.becomes("document.readyState", "complete"));
  ASSERT_TRUE(browser.becomes("document.querySelectorAll('figure').length", 4));
  const std::string first = "figures[0].querySelector";
  ASSERT_TRUE(browser.becomes(first + "All('section .matrix .side text').length", 10));
  EXPECT_EQ(browser.value("figures[0].views[0].alignment.target.text"), "E D C B A");

  // A source word lights its column in the matrices of both models, and what it is linked with.
  browser.hover(first + "('figcaption .word')");
  EXPECT_TRUE(browser.becomes(first + "All('.top text.lit').length", 2));
  EXPECT_EQ(browser.value(first + "All('section .word.linked').length"), 2);
  EXPECT_EQ(browser.value(first + "('.told').textContent"), "a – A");
  // A cell lights its row and its column in its own matrix.
  browser.hover(first + "('.matrix .body .cell')");
  EXPECT_TRUE(browser.becomes(first + "All('.side text.lit').length", 1));

  // What is found and how it is sorted.
  browser.value("find.value = 'שלום'; find.dispatchEvent(new Event('input'))");
  EXPECT_EQ(browser.value("document.querySelector('#count').textContent"), "1 of 4");
  browser.value("find.value = ''; find.dispatchEvent(new Event('input'))");
  EXPECT_EQ(browser.value("document.querySelector('option[value=agreement]').hidden"), false);
  browser.value("sort.value = 'score'; sort.dispatchEvent(new Event('change'))");
  EXPECT_EQ(browser.value("document.querySelector('main figure').dataset.number"), "4");

  // Unknown words and markup stand as they are, and what is saved is a picture by itself.
  const std::string last = "document.querySelector('figure[data-number=\"4\"]')";
  EXPECT_TRUE(  // drawn when it comes into view
      browser.becomes(last + ".views[0].alignment.source.words", json({"b", "שלום", "<b>"})));
  EXPECT_EQ(browser.value("getComputedStyle(" + last + ".querySelector('.word')).direction"),
            "ltr");
  EXPECT_EQ(
      browser.value("new DOMParser().parseFromString(" + last +
                    ".views[0].picture(), 'image/svg+xml').querySelectorAll('svg > g').length"),
      3);
}

}  // namespace
}  // namespace weft::e2e
