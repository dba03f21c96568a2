// Runs the interoperability scenarios against a server: one, several or all of them. See ../README.md.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>

#include "session.h"

namespace {

struct Command {
  interop::Options options;
  std::vector<std::string> cases;
  bool all = false;
  bool list = false;
};

bool Truth(const std::string& text) {
  if (text == "true" || text == "1" || text.empty()) return true;
  if (text == "false" || text == "0") return false;
  throw std::invalid_argument("expected true or false, got " + text);
}

// Accepts --flag=value and --flag value, as the stock clients do.
Command Parse(int count, char** words) {
  Command command;
  auto& options = command.options;
  const std::map<std::string, std::function<void(const std::string&)>> valued = {
      {"--server_host", [&](const std::string& v) { options.server_host = v; }},
      {"--server_port", [&](const std::string& v) { options.server_port = std::stoi(v); }},
      {"--server_host_override", [&](const std::string& v) { options.server_host_override = v; }},
      {"--ca_file", [&](const std::string& v) { options.ca_file = v; }},
      {"--client_cert_file", [&](const std::string& v) { options.client_cert_file = v; }},
      {"--client_key_file", [&](const std::string& v) { options.client_key_file = v; }},
      {"--test_case", [&](const std::string& v) { command.cases.push_back(v); }},
      {"--max_message_bytes", [&](const std::string& v) { options.max_message_bytes = std::stoi(v); }},
      {"--concurrency", [&](const std::string& v) { options.concurrency = std::stoi(v); }}};
  for (int i = 1; i < count; i++) {
    const std::string word = words[i];
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto value = equals == std::string::npos ? std::string() : word.substr(equals + 1);
    if (name == "--all") command.all = true;
    else if (name == "--list") command.list = true;
    else if (name == "--use_tls") options.use_tls = Truth(value);
    else if (valued.count(name) == 0) throw std::invalid_argument("unknown argument " + word);
    else if (equals != std::string::npos) valued.at(name)(value);
    else if (i + 1 < count) valued.at(name)(words[++i]);
    else throw std::invalid_argument(word + " needs a value");
  }
  return command;
}

std::string OneLine(std::string text) {
  for (auto& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return text;
}

// Prints exactly one line: PASS name ms, or FAIL name: reason.
bool Run(const interop::Session& session, const std::string& name, const interop::Scenario& scenario) {
  const auto started = std::chrono::steady_clock::now();
  try {
    scenario(session);
  } catch (const std::exception& failure) {
    std::cout << "FAIL " << name << ": " << OneLine(failure.what()) << std::endl;
    return false;
  }
  const auto spent = std::chrono::steady_clock::now() - started;
  std::cout << "PASS " << name << " " << std::chrono::duration_cast<std::chrono::milliseconds>(spent).count() << " ms"
            << std::endl;
  return true;
}

}  // namespace

int main(int count, char** words) try {
  interop::Scenarios scenarios;
  interop::AddCalls(scenarios);
  interop::AddCompression(scenarios);
  interop::AddLifetime(scenarios);
  interop::AddServices(scenarios);

  const auto command = Parse(count, words);
  if (command.list) {
    for (const auto& [name, _] : scenarios) std::cout << name << "\n";
    return 0;
  }
  interop::Scenarios chosen;
  if (command.all) chosen = scenarios;
  for (const auto& name : command.cases) {
    const auto found = std::find_if(scenarios.begin(), scenarios.end(), [&](auto& each) { return each.first == name; });
    if (found == scenarios.end()) throw std::invalid_argument("unknown test case " + name);
    chosen.push_back(*found);
  }
  if (chosen.empty() || command.options.server_port == 0) {
    throw std::invalid_argument("give --server_port and --all or --test_case (see --list)");
  }
  const interop::Session session(command.options);
  int failed = 0;
  for (const auto& [name, scenario] : chosen) failed += Run(session, name, scenario) ? 0 : 1;
  std::cout << "DONE " << chosen.size() - failed << " passed, " << failed << " failed, 0 skipped" << std::endl;
  return failed == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 2;
}
