// weft serve: requests of every kind, limits, signals.

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "base/temporary_directory.h"
#include "e2e/http_client.h"
#include "e2e/program.h"
#include "e2e/server.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

std::vector<std::string> served_models() {
  return {"-m", "en-zh=" + chinese_model(), "-m", "reversal=" + reversal_model()};
}

std::vector<std::string> translations_of_program(const std::vector<std::string>& lines,
                                                 const std::string& model) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return lines_of(run_weft({"translate", "-m", model}, text).out);
}

std::vector<std::string> source_lines(const Task& task) {
  return lines_of(file_text(task.path("valid.src")));
}

std::string error_of(const HttpAnswer& answer) {
  return json::parse(answer.body).at("error").get<std::string>();
}

TEST(Serve, TranslatesAsTheProgramDoes) {
  Server server(served_models());
  const auto lines = source_lines(reversal_task());
  const auto expected = translations_of_program(lines, reversal_model());
  const auto answer = server.post("/translate", {{"text", lines}, {"model", "reversal"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto translations = json::parse(answer.body).at("translations");
  ASSERT_EQ(translations.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    EXPECT_EQ(translations[i].at("text"), expected[i]) << lines[i];
  server.stop();
}

TEST(Serve, TranslatesTheSameWhateverTheNeighbours) {
  Server server(served_models());
  const auto lines = source_lines(chinese_task());
  const auto expected = translations_of_program(lines, chinese_model());
  std::atomic<std::size_t> right = 0;
  {
    std::vector<std::jthread> clients;
    for (std::size_t client = 0; client < 8; ++client) {
      clients.emplace_back([&, client] {
        HttpConnection connection(server.port());
        for (std::size_t k = 0; k < lines.size(); ++k) {
          const std::size_t i = (k + client * 3) % lines.size();
          json body{{"text", lines[i]}, {"target_language", "zh"}};
          if (client % 4 == 1) body["alignment"] = true;
          if (client % 4 == 2) body["n_best"] = 3;
          const auto answer = connection.ask("POST", "/translate", body.dump());
          if (answer.status == 200 &&
              json::parse(answer.body)["translations"][0]["text"] == expected[i])
            ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 8 * lines.size());
  const auto counted = "weft_lines_total " + std::to_string(8 * lines.size()) + "\n";
  EXPECT_TRUE(wait_until([&] {  // counted when a batch has been answered
    return server.get("/metrics").body.find(counted) != std::string::npos;
  }));
}

TEST(Serve, GivesAlignmentsAsTheProgramDoes) {
  Server server(served_models());
  const std::string line = "The old dog sees a cat.";
  const auto expected =
      json::parse(run_weft_with_libtorch(
                      {"translate", "-m", chinese_model(), "--alignment", "json"}, line + "\n")
                      .out);
  const auto answer = json::parse(
      server.post("/translate", {{"text", line}, {"model", "en-zh"}, {"alignment", true}}).body);
  const auto best = answer["translations"][0]["lines"][0]["n_best"][0];
  EXPECT_EQ(best["alignment"], expected);
  const auto aligned = json::parse(
      server.post("/align", {{"source", line}, {"target", best["text"]}, {"model", "en-zh"}}).body);
  const auto& given = aligned["alignments"][0]["lines"][0];
  EXPECT_EQ(given["target"], expected["target"]);
  EXPECT_NEAR(given["score"].get<double>(), expected["score"].get<double>(), 1e-3);
}

TEST(Serve, ScoresAsTheProgramDoes) {
  Server server(served_models());
  const TemporaryDirectory directory;
  const std::vector<std::string> sources{"The dog sees a cat.", "The old dog."},
      targets{"狗看见一只猫。", "猫。"};
  const auto source = directory.write("source", sources[0] + "\n" + sources[1] + "\n");
  const auto target = directory.write("target", targets[0] + "\n" + targets[1] + "\n");
  const auto expected = lines_of(
      run_weft({"score", "-m", chinese_model(), "-s", source, "-t", target, "--words"}).out);
  const auto answer = json::parse(
      server.post("/score", {{"source", sources}, {"target", targets}, {"model", "en-zh"}}).body);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto& line = answer["scores"][i]["lines"][0];
    std::istringstream numbers(expected[i]);
    double log_prob = 0, score = 0;
    numbers >> log_prob >> score;
    EXPECT_LT(log_prob, 0);
    EXPECT_NEAR(line["log_prob"].get<double>(), log_prob, 1e-4);
    EXPECT_NEAR(line["score"].get<double>(), score, 1e-4);
    double sum = 0;
    for (const double word : line["word_log_probs"]) sum += word;
    EXPECT_NEAR(sum, log_prob, 1e-4);
  }
  EXPECT_THAT(error_of(server.post("/score", {{"source", "a"}, {"model", "en-zh"}})),
              HasSubstr("no 'target'"));
}

TEST(Serve, DrawsTranslations) {
  Server server({"-m", reversal_model()});
  const auto texts = [&](const json& more) {
    json body{{"text", "a b c"}};
    body.update(more);
    const auto answer = json::parse(server.post("/translate", body).body);
    std::vector<std::string> all;
    for (const auto& entry : answer["translations"][0]["lines"][0]["n_best"])
      all.push_back(entry["text"]);
    return all;
  };
  auto drawn = texts({{"samples", 6}});
  EXPECT_EQ(drawn.size(), 6);
  std::sort(drawn.begin(), drawn.end());
  EXPECT_EQ(std::unique(drawn.begin(), drawn.end()), drawn.end());  // all different
  EXPECT_EQ(texts({{"samples", 1}, {"top_k", 1}}), std::vector<std::string>{"C B A"});
  EXPECT_EQ(error_of(server.post("/translate", {{"text", "a"}, {"samples", 2}, {"n_best", 2}})),
            "the request has both 'samples' and 'n_best'");
  EXPECT_EQ(error_of(server.post("/translate", {{"text", "a"}, {"samples", 2}, {"top_p", 1.5}})),
            "'top_p' is 1.5; expected a number in (0, 1]");
}

TEST(Serve, GivesListsAndBlankLines) {
  Server server({"-m", reversal_model()});
  const auto answer = json::parse(
      server.post("/translate", {{"text", "a b\n\nc"}, {"n_best", 2}, {"beam_size", 4}}).body);
  const auto& translation = answer["translations"][0];
  EXPECT_EQ(translation["text"], "B A\n\nC");
  ASSERT_EQ(translation["lines"].size(), 3);
  EXPECT_EQ(translation["lines"][0]["n_best"].size(), 2);
  EXPECT_EQ(translation["lines"][1]["n_best"].size(), 1);
  EXPECT_EQ(error_of(server.post("/translate", {{"text", "a"}, {"n_best", 4}, {"beam_size", 3}})),
            "'n_best' is 4; expected at most the beam size, 3");
}

TEST(Serve, SendsLinesAsTheyAreDone) {
  Server server({"-m", reversal_model(), "--batch", "2"});
  const auto answer = ask(server.port(), "POST", "/translate", R"({"text": "a b\nb\nc d e"})",
                          "Content-Type: application/json\r\nAccept: text/event-stream\r\n");
  EXPECT_EQ(answer.headers.at("content-type"), "text/event-stream");
  std::map<int, std::string> texts;
  const auto lines = lines_of(answer.body);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (lines[i] != "event: line") continue;
    const auto data = json::parse(lines[i + 1].substr(6));
    texts[data["line"]] = data["n_best"][0]["text"];
  }
  EXPECT_EQ(texts, (std::map<int, std::string>{{0, "B A"}, {1, "B"}, {2, "E D C"}}));
  EXPECT_THAT(answer.body, ::testing::EndsWith("event: done\ndata: {\"lines\":3}\n\n"));
}

TEST(Serve, SpeaksLibreTranslatesForm) {
  Server server(served_models());
  const std::string line = "The dog sees a cat.";
  const auto expected = translations_of_program({line}, chinese_model()).front();
  const auto answer = json::parse(
      server.post("/translate", {{"q", line}, {"source", "en"}, {"target", "zh"}}).body);
  EXPECT_EQ(answer, json({{"translatedText", expected}}));
  const auto list = json::parse(
      server
          .post("/translate",
                {{"q", {line, line}}, {"source", "auto"}, {"target", "zh"}, {"alternatives", 2}})
          .body);
  EXPECT_EQ(list["translatedText"], json({expected, expected}));
  EXPECT_EQ(list["alternatives"][1].size(), 2);
  EXPECT_EQ(list["detectedLanguage"][0]["language"], "en");
  const auto form = json::parse(
      server.post_form("/translate", "q=The+dog+sees+a+cat.&source=en&target=zh&api_key=").body);
  EXPECT_EQ(form["translatedText"], expected);
  const auto html = json::parse(server
                                    .post("/translate", {{"q", "The <b>dog</b> sees a cat."},
                                                         {"source", "en"},
                                                         {"target", "zh"},
                                                         {"format", "html"}})
                                    .body);
  EXPECT_THAT(html["translatedText"].get<std::string>(), HasSubstr("</b>"));
  EXPECT_EQ(json::parse(server.get("/languages").body),
            json::parse(R"([{"code": "en", "name": "English", "targets": ["zh"]}])"));
  EXPECT_EQ(server.post("/detect", {{"q", "Hallo"}}).status, 501);
  EXPECT_EQ(error_of(server.post("/translate", {{"q", line}, {"source", "de"}, {"target", "zh"}})),
            "there is no model from de to zh; there are: en-zh, reversal");
}

TEST(Serve, SpeaksDeepLsForm) {
  Server server(served_models());
  const std::string line = "The dog sees a cat.";
  const auto expected = translations_of_program({line}, chinese_model()).front();
  const json wanted{{"translations",
                     {{{"detected_source_language", "EN"}, {"text", expected}},
                      {{"detected_source_language", "EN"}, {"text", expected}}}}};
  const auto answer = ask(server.port(), "POST", "/v2/translate",
                          json{{"text", {line, line}}, {"target_lang", "ZH"}}.dump(),
                          "Content-Type: application/json\r\n"
                          "Authorization: DeepL-Auth-Key something\r\n");
  EXPECT_EQ(json::parse(answer.body), wanted);
  const auto form = server.post_form("/v2/translate",
                                     "text=The+dog+sees+a+cat.&text=The%20dog%20sees%20a%20cat.&"
                                     "target_lang=zh-HANS&source_lang=EN");
  EXPECT_EQ(json::parse(form.body), wanted);
  const auto refused = server.post("/v2/translate", {{"text", {line}}, {"target_lang", "FR"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(json::parse(refused.body)["message"].get<std::string>(), HasSubstr("to FR"));
  EXPECT_EQ(json::parse(server.get("/v2/languages?type=target").body)[0]["language"], "ZH");
}

TEST(Serve, AsksForItsKey) {
  TemporaryDirectory directory;
  write_text(directory.path("key"), "open sesame\n");
  Server server({"-m", "en-zh=" + chinese_model(), "--api-key-file", directory.path("key")});
  const std::string body = R"({"text": "The dog."})";
  const auto with = [&](const std::string& path, const std::string& header) {
    return ask(server.port(), "POST", path, body, "Content-Type: application/json\r\n" + header)
        .status;
  };
  EXPECT_EQ(with("/translate", ""), 401);
  EXPECT_EQ(with("/translate", "Authorization: Bearer open\r\n"), 401);
  EXPECT_EQ(with("/translate", "Authorization: Bearer open sesame\r\n"), 200);
  EXPECT_EQ(with("/v2/translate", "Authorization: DeepL-Auth-Key open\r\n"), 403);
  EXPECT_EQ(server.post("/translate", {{"text", "The dog."}, {"api_key", "open sesame"}}).status,
            200);
  EXPECT_EQ(server.get("/models").status, 401);
  EXPECT_EQ(server.get("/metrics").status, 401);
  EXPECT_EQ(server.get("/healthz").status, 200);
  EXPECT_EQ(server.get("/").status, 200);
}

TEST(Serve, HasWhatElseAServiceHas) {
  Server server(served_models());
  EXPECT_EQ(server.get("/healthz").body, "{\"status\":\"ok\"}\n");
  const auto models = json::parse(server.get("/models").body)["models"];
  EXPECT_EQ(models[0]["source_language"], "en");
  EXPECT_EQ(models[1]["name"], "reversal");
  const auto description = json::parse(server.get("/openapi.json").body);
  for (const auto& [path, methods] : description["paths"].items())
    for (const auto& [method, operation] : methods.items())
      EXPECT_NE(ask(server.port(), method == "get" ? "GET" : "POST", path, "{}").status, 404)
          << path;
  for (const char* path :
       {"/", "/align", "/detect", "/healthz", "/languages", "/metrics", "/models", "/openapi.json",
        "/score", "/translate", "/v2/languages", "/v2/translate"})
    EXPECT_TRUE(description["paths"].contains(path)) << path;
  const auto page = server.get("/");
  EXPECT_THAT(page.body, ::testing::StartsWith("<!doctype html>"));
  EXPECT_LT(page.body.size(), 300'000);
  EXPECT_THAT(page.body, ::testing::Not(::testing::ContainsRegex("(src|href)=\"(https?:)?//")));
  EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
  const auto head = ask(server.port(), "HEAD", "/nothing");
  EXPECT_EQ(head.status, 404);
  const auto wrong_method = server.get("/translate");
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.headers.at("allow"), "POST");
  for (const char* path : {"/../../etc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd",
                           "/config.yaml", "file:///etc/passwd", "/page.html"})
    EXPECT_EQ(server.get(path).status, 404) << path;
}

TEST(Serve, SaysWhatIsWrongWithARequest) {
  Server server({"-m", reversal_model(), "--max-lines", "5", "--max-line-bytes", "20",
                 "--max-request-bytes", "1000"});
  const auto status = [&](const std::string& body) {
    return ask(server.port(), "POST", "/translate", body).status;
  };
  EXPECT_EQ(status("{"), 400);
  EXPECT_EQ(status("{\"text\": \"\xff\"}"), 400);
  EXPECT_EQ(status(R"({"text": 3})"), 400);
  EXPECT_EQ(status(R"({"text": []})"), 400);
  EXPECT_EQ(status(R"({"text": "a", "model": "b"})"), 400);
  EXPECT_EQ(status(R"({"text": "1\n2\n3\n4\n5\n6"})"), 413);
  EXPECT_EQ(status(R"({"text": "a b c d e f g h i j k"})"), 413);
  EXPECT_EQ(status(std::string(2000, ' ')), 413);
  EXPECT_EQ(ask(server.port(), "POST", "/translate", "{}", "Content-Type: text/csv\r\n").status,
            415);
  EXPECT_EQ(
      ask(server.port(), "GET", "/models", "", "X: " + std::string(20000, 'x') + "\r\n").status,
      431);
  EXPECT_EQ(
      json::parse(server.post("/translate", {{"text", "a b"}}).body)["translations"][0]["text"],
      "B A");
}

/// Bytes of requests changed, left out, doubled, cut: an answer with a status below 500 or a closed
/// connection, and a server that goes on.
TEST(Serve, OutlivesBrokenRequests) {
  Server server({"-m", reversal_model()});
  std::mt19937 random(5);
  const std::string body = R"({"text": ["a b", "c"], "n_best": 2, "alignment": true})";
  const std::string request =
      "POST /translate HTTP/1.1\r\nHost: x\r\nContent-Type: "
      "application/json\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  for (int i = 0; i < 400; ++i) {
    std::string broken = request;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % broken.size();
      switch (random() % 4) {
        case 0:
          broken[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          broken.erase(at, 1 + random() % 4);
          break;
        case 2:
          broken.insert(at, broken.substr(at, random() % 20));
          break;
        default:
          broken.resize(at + 1);
      }
    }
    HttpConnection connection(server.port());
    connection.send(broken);
    connection.close_sending();
    EXPECT_LT(connection.receive().status, 500) << broken;
  }
  EXPECT_EQ(server.post("/translate", {{"text", "a"}}).status, 200);
  server.stop();
}

TEST(Serve, ClosesSlowConnections) {
  Server server({"-m", reversal_model(), "--request-timeout", "0.3"});
  HttpConnection slow(server.port());
  slow.send("POST /translate HTTP/1.1\r\n");
  std::atomic<bool> answered = false;
  std::jthread dripping([&] {  // a byte at a time is no excuse
    for (const char c : std::string(10000, 'x')) {
      if (answered) return;
      slow.send(std::string("X-") + c + ": y\r\n");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  EXPECT_EQ(slow.receive().status, 408);
  answered = true;
}

/// A model that takes its time: a beam of 20 on long lines.
TEST(Serve, RefusesWhatTheQueueCannotHoldAndAnswersTheRest) {
  Server server({"-m", reversal_model(), "--max-queue", "40", "--max-lines", "40", "--batch", "4"});
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += "a b c d e f g h a b c d e f g h" + std::string(i < 39, '\n');
  const auto body = json{{"text", text}, {"beam_size", 20}}.dump();
  std::atomic<int> answered = 0, refused = 0;
  std::string retry_after;
  std::mutex mutex;
  {
    std::vector<std::jthread> clients;
    for (int client = 0; client < 6; ++client) {
      clients.emplace_back([&] {
        const auto answer = ask(server.port(), "POST", "/translate", body);
        if (answer.status == 200) ++answered;
        if (answer.status != 429) return;
        ++refused;
        const std::lock_guard lock(mutex);
        retry_after = answer.headers.at("retry-after");
      });
    }
  }
  EXPECT_EQ(answered + refused, 6);
  EXPECT_GE(answered, 1);
  EXPECT_GE(refused, 1);
  EXPECT_GE(std::stoi(retry_after), 1);
}

TEST(Serve, AnswersWhatHasComeBeforeItStops) {
  Server server({"-m", reversal_model(), "--batch", "4"});
  std::string text = "a b c";
  for (int i = 1; i < 100; ++i) text += "\na b c";
  HttpConnection idle(server.port());
  EXPECT_EQ(idle.ask("GET", "/healthz").status, 200);
  HttpConnection busy(server.port());
  const auto body = json{{"text", text}}.dump();
  busy.send("POST /translate HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body);
  ASSERT_TRUE(wait_until([&] {  // it has come
    return server.get("/metrics").body.find("weft_batch_lines_count 0\n") == std::string::npos;
  }));
  server.stop();
  const auto answer = busy.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body)["translations"][0]["lines"].size(), 100);
  EXPECT_EQ(idle.receive().status, 0);
  EXPECT_THROW(HttpConnection{server.port()}, std::system_error);
}

void replace_model(const std::string& directory, const std::string& by) {
  for (const auto& entry : std::filesystem::directory_iterator(by))
    if (entry.is_regular_file())  // in place, as cp does
      write_text(directory + "/" + entry.path().filename().string(),
                 file_text(entry.path().string()));
}

/// A broken model, which is not taken, and another one, while a client goes on asking.
TEST(Serve, LoadsModelsAgainWithoutLosingARequest) {
  TemporaryDirectory directory;
  const auto model = directory.path("model");
  std::filesystem::create_directory(model);
  replace_model(model, reversal_model());
  Server server({"-m", "m=" + model});
  std::atomic<bool> done = false;
  std::atomic<int> lost = 0, asked = 0;
  std::jthread client([&] {
    HttpConnection connection(server.port());
    while (!done) {
      ++asked;
      if (connection.ask("POST", "/translate", R"({"text": "a b c"})").status != 200) ++lost;
    }
  });
  const auto translation = [&] {
    const auto answer = server.post("/translate", {{"text", "a b c"}});
    return answer.status == 200
               ? json::parse(answer.body)["translations"][0]["text"].get<std::string>()
               : answer.body;
  };
  EXPECT_EQ(translation(), "C B A");
  write_text(model + "/weights.safetensors", "broken");
  server.program().send(SIGHUP);
  EXPECT_TRUE(wait_until([&] {
    return server.get("/metrics").body.find("result=\"failed\"} 1\n") != std::string::npos;
  }));
  EXPECT_EQ(translation(), "C B A");
  for (const auto& entry : std::filesystem::directory_iterator(model))
    std::filesystem::remove_all(entry.path());
  replace_model(model, chinese_model());
  const auto other = translations_of_program({"a b c"}, chinese_model()).front();
  server.program().send(SIGHUP);
  EXPECT_TRUE(wait_until([&] { return translation() == other; }));
  done = true;
  client.join();
  EXPECT_GT(asked, 0);
  EXPECT_EQ(lost, 0);
  server.program().send(SIGTERM);
  const auto outcome = server.program().wait();
  EXPECT_THAT(outcome.err, HasSubstr("m stays as it was: " + model + "/weights.safetensors: "));
  EXPECT_THAT(outcome.err, HasSubstr("loaded m again"));
}

/// Kilobytes of memory that the process holds now.
long resident_kilobytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return 0;
}

TEST(Serve, KeepsItsMemoryUnderMixedLoad) {
  Server server({"-m", reversal_model()});
  const auto load = [&](int rounds) {
    for (int i = 0; i < rounds; ++i) {
      HttpConnection connection(server.port());
      connection.ask("POST", "/translate",
                     R"({"text": "a b c d", "n_best": 3, "alignment": true})");
      connection.ask("POST", "/translate", R"({"text": "a\nb\nc", "stream": true})");
      ask(server.port(), "POST", "/translate", "{\"text\": 3");
      ask(server.port(), "GET", "/nothing" + std::to_string(i));
    }
  };
  load(100);
  const auto before = resident_kilobytes(server.program().process());
  load(300);
  const auto after = resident_kilobytes(server.program().process());
  EXPECT_GT(before, 0);
  EXPECT_LT(after, before + 8000);
}

TEST(Serve, SaysWhyItCannotStart) {
  TemporaryDirectory directory;
  Server server({"-m", reversal_model()});
  const auto taken =
      run_weft({"serve", "-m", reversal_model(), "--port", std::to_string(server.port())});
  EXPECT_EQ(taken, refusal({"port " + std::to_string(server.port()) +
                            " of 127.0.0.1 cannot be listened at (Address already in use)"}));
  const auto refused = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"serve", "--port", "0"});
    return run_weft(std::move(arguments)).err;
  };
  EXPECT_THAT(refused({"-m", directory.path("none")}), HasSubstr("is not a model directory"));
  EXPECT_THAT(refused({"-m", "a=" + reversal_model(), "-m", "a=" + chinese_model()}),
              HasSubstr("two models are called 'a'"));
  EXPECT_THAT(refused({"-m", reversal_model(), "--host", "nowhere"}),
              HasSubstr("--host is 'nowhere'; expected an address"));
  EXPECT_THAT(refused({"-m", reversal_model(), "--max-queue", "10"}), HasSubstr("--max-lines is"));
}

}  // namespace
}  // namespace weft::e2e
